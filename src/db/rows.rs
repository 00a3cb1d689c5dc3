//! Macros that write one statement once for both databases.
//!
//! sqlx types its queries by database, so the same text is compiled for each; `on_db!`
//! and `on_tx!` say it once. Rows go in and ids are asked for by chunks of a few fixed
//! sizes, so that the prepared statements are few and stay cached.

/// Chunk sizes of multi-row statements, largest first.
pub(super) const CHUNKS: [usize; 5] = [500, 100, 20, 5, 1];

/// Cuts rows into chunks of the fixed sizes.
pub(super) fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = CHUNKS.into_iter().find(|size| *size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

/// Runs a body on a reading connection pool, whichever database it is.
macro_rules! on_db {
    ($db:expr, $pool:ident => $body:expr) => {
        match $db {
            $crate::db::Db::Sqlite { readers: $pool, .. } => $body,
            $crate::db::Db::Postgres { reads: $pool, .. } => $body,
        }
    };
}

/// Runs a body on a transaction's connection, whichever database it is.
macro_rules! on_tx {
    ($tx:expr, $conn:ident => $body:expr) => {
        match &mut $tx.inner {
            $crate::db::tx::Inner::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::db::tx::Inner::Postgres(tx) => {
                let $conn = tx.conn();
                $body
            }
        }
    };
}

/// Executes a statement in a transaction: `execute!(tx, "UPDATE t SET a = $1", a)`.
macro_rules! execute {
    ($tx:expr, $text:expr $(, $bind:expr)* $(,)?) => {
        on_tx!($tx, conn => {
            sqlx::query($text)$(.bind($bind))*.execute(conn).await.map(|_| ())
        })
    };
}

/// Inserts rows: `insert_rows!(conn, "INSERT INTO t (a, b) ", rows, "ON CONFLICT ...", |b, row| { b.push_bind(..); })`.
macro_rules! insert_rows {
    ($conn:expr, $head:expr, $rows:expr, $tail:expr, |$binder:ident, $row:pat_param| $binds:block) => {
        for chunk in $crate::db::rows::chunks($rows) {
            let mut builder = sqlx::QueryBuilder::new($head);
            builder.push_values(chunk, |mut $binder, $row| $binds);
            builder.push($tail);
            builder.build().execute(&mut *$conn).await?;
        }
    };
}

/// Fetches rows whose key is in a list: the statement's text ends before `IN`, and may go on
/// after the list.
macro_rules! fetch_in {
    ($conn:expr, $head:expr, $keys:expr, $row:ty) => {
        fetch_in!($conn, $head, $keys, $row, "")
    };
    ($conn:expr, $head:expr, $keys:expr, $row:ty, $tail:expr) => {{
        let mut found: Vec<$row> = Vec::new();
        for chunk in $crate::db::rows::chunks($keys) {
            let mut builder = sqlx::QueryBuilder::new($head);
            builder.push(" IN (");
            let mut list = builder.separated(", ");
            for key in chunk {
                list.push_bind(*key);
            }
            builder.push(")");
            builder.push($tail);
            found.extend(builder.build_query_as::<$row>().fetch_all($conn).await?);
        }
        found
    }};
}

/// Deletes rows whose key is in a list: the statement's text ends before `IN`.
macro_rules! delete_in {
    ($conn:expr, $head:expr, $keys:expr) => {
        for chunk in $crate::db::rows::chunks($keys) {
            let mut builder = sqlx::QueryBuilder::new($head);
            builder.push(" IN (");
            let mut list = builder.separated(", ");
            for key in chunk {
                list.push_bind(*key);
            }
            builder.push(")");
            builder.build().execute(&mut *$conn).await?;
        }
    };
}
