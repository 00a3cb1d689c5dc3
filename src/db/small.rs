//! Reading namespaces, sources and tags.

use uuid::Uuid;

use super::access_classes::access_class_of;
use super::codec::from_json;
use super::error::DbError;
use super::load::tag_id;
use super::open::Db;
use crate::base::name::sort_name;
use crate::base::{NamespaceId, SourceId, Time};
use crate::catalog::{NamespaceDoc, SourceDoc, TagDoc};

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

macro_rules! by_id_and_page {
    ($(#[$one_doc:meta])* $one:ident, $(#[$page_doc:meta])* $page:ident, $(#[$after_doc:meta])* $after:ident, $what:literal, $doc:ty, $id:expr) => {
        $(#[$one_doc])*
        ///
        /// # Errors
        ///
        /// [`DbError`] if the database fails or holds a document Lethe cannot read.
        pub async fn $one(&self, name: &str) -> Result<Option<$doc>, DbError> {
            let id: Uuid = $id(name);
            let text: Option<String> = on_db!(self, pool => {
                sqlx::query_scalar(concat!("SELECT doc FROM ", $what, " WHERE id = $1")).bind(id).fetch_optional(pool).await
            })?;
            text.map(|text| from_json($what, &text)).transpose()
        }

        $(#[$page_doc])*
        ///
        /// # Errors
        ///
        /// [`DbError`] if the database fails or holds a document Lethe cannot read.
        pub async fn $page(&self, limit: usize, offset: usize) -> Result<Vec<$doc>, DbError> {
            let rows: Vec<String> = on_db!(self, pool => {
                sqlx::query_scalar(concat!("SELECT doc FROM ", $what, " ORDER BY sort_name, id LIMIT $1 OFFSET $2"))
                    .bind(sql_limit(limit))
                    .bind(sql_limit(offset))
                    .fetch_all(pool)
                    .await
            })?;
            rows.iter().map(|text| from_json($what, text)).collect()
        }

        $(#[$after_doc])*
        ///
        /// # Errors
        ///
        /// [`DbError`] if the database fails or holds a document Lethe cannot read.
        pub async fn $after(&self, after: Option<&str>, limit: usize) -> Result<Vec<$doc>, DbError> {
            let (name, id) = after.map_or(("", Uuid::nil()), |name| (sort_name(name), $id(name)));
            let rows: Vec<String> = on_db!(self, pool => {
                sqlx::query_scalar(concat!("SELECT doc FROM ", $what, " WHERE sort_name > $1 OR (sort_name = $1 AND id > $2) ORDER BY sort_name, id LIMIT $3"))
                .bind(name)
                .bind(id)
                .bind(sql_limit(limit))
                .fetch_all(pool)
                .await
            })?;
            rows.iter().map(|text| from_json($what, text)).collect()
        }
    };
}

impl Db {
    by_id_and_page!(
        /// Returns a namespace, deleted or not.
        namespace,
        /// Returns a page of the namespaces by name, deleted ones too.
        list_namespaces,
        /// Returns the namespaces after a name, deleted ones too.
        namespaces_after,
        "namespace",
        NamespaceDoc,
        |name| NamespaceId::of(name).0
    );
    by_id_and_page!(
        /// Returns a source.
        source,
        /// Returns a page of the sources by name.
        list_sources,
        /// Returns the sources after a name.
        sources_after,
        "source",
        SourceDoc,
        |name| SourceId::of(name).0
    );
    by_id_and_page!(
        /// Returns a tag.
        tag,
        /// Returns a page of the tags by name.
        list_tags,
        /// Returns the tags after a name.
        tags_after,
        "tag",
        TagDoc,
        tag_id
    );

    /// Returns the access classes of the datasets that live in sources, each with when the first of
    /// them was made.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn classes_in_sources(
        &self,
        sources: &[SourceId],
    ) -> Result<Vec<(SourceId, u32, Time)>, DbError> {
        let sources: Vec<Uuid> = sources.iter().map(|id| id.0).collect();
        let rows = on_db!(self, pool => fetch_in!(pool, "SELECT source, access_class, MIN(created_at) FROM dataset WHERE source", &sources, (Uuid, i64, i64), " GROUP BY source, access_class"));
        let read = |(id, access_class, created): (Uuid, i64, i64)| {
            (SourceId(id), access_class_of(access_class), Time::from_micros(created))
        };
        Ok(rows.into_iter().map(read).collect())
    }
}
