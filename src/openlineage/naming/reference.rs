//! A dataset's namespace and name, taken apart.

use super::store::{Layout, Level, StoreKind, store_of};

/// A dataset's namespace and name, taken apart without loss: `prefix` and `authority` are
/// the namespace, `path` is the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DatasetRef<'a> {
    /// The kind of store.
    pub kind: StoreKind,
    /// What of the namespace tells the kind, as it is written: `postgres://`, `bigquery`,
    /// `arn:aws:glue:`. Empty for other stores.
    pub prefix: &'a str,
    /// Which store of its kind: host and port, bucket, account. For other stores, the whole
    /// namespace.
    pub authority: &'a str,
    /// Where in the store: the dataset's name as it is.
    pub path: &'a str,
}

/// A part of a dataset's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part<'a> {
    /// What it names.
    pub level: Level,
    /// The name.
    pub name: &'a str,
}

impl<'a> DatasetRef<'a> {
    /// Takes a namespace and a name apart.
    #[must_use]
    pub fn parse(namespace: &'a str, name: &'a str) -> Self {
        let (kind, length) = store_of(namespace);
        let (prefix, authority) = namespace.split_at_checked(length).unwrap_or(("", namespace));
        Self { kind, prefix, authority, path: name }
    }

    /// Puts the namespace together again.
    #[must_use]
    pub fn namespace(&self) -> String {
        [self.prefix, self.authority].concat()
    }

    /// Returns the dataset's name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.path
    }

    /// Returns the word for the kind of store; for other stores the scheme of the namespace,
    /// if it has one.
    #[must_use]
    pub fn platform(&self) -> &'a str {
        match (self.kind, self.authority.split_once("://")) {
            (StoreKind::Other, Some((scheme, _))) if is_scheme(scheme) => scheme,
            _ => self.kind.as_str(),
        }
    }

    /// Returns the last part of the name, by which people know the dataset: a table's own
    /// name, a file's. The whole name if there is no such part.
    #[must_use]
    pub fn short_name(&self) -> &'a str {
        let last = match self.parts().last() {
            Some(Part { level: Level::Path, name }) => last_segment(name),
            Some(Part { level: Level::Name, name }) => self.last_of_unknown(name),
            Some(part) => part.name,
            None => self.path,
        };
        if last.is_empty() { self.path } else { last }
    }

    /// Returns the parts of the name from the highest container down to the dataset.
    ///
    /// Buckets, and Cosmos databases, come from the namespace. A name that is not put
    /// together as its store's names are is one part.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'a>> {
        match self.kind.layout() {
            Layout::Dotted(levels) => fit(levels, self.path.splitn(levels.len(), '.').collect()),
            Layout::DottedFromEnd(levels) => {
                let mut names: Vec<&str> = self.path.rsplitn(levels.len(), '.').collect();
                names.reverse();
                fit(levels, names)
            }
            Layout::Slashed => self.pair(self.path, '/', [Level::Database, Level::Table]),
            Layout::Glue => match self.path.strip_prefix("table/") {
                Some(path) => self.pair(path, '/', [Level::Database, Level::Table]),
                None => self.alone(Level::Table),
            },
            Layout::Cosmos => {
                let database = self.authority.rsplit_once("/dbs/").map(|(_, name)| name);
                let collection = self.path.strip_prefix("colls/").unwrap_or(self.path);
                above(Level::Database, database, Level::Collection, collection)
            }
            Layout::Object(level) => {
                let bucket = self.authority.split('@').next();
                above(level, bucket, Level::Path, self.path)
            }
            Layout::Path => self.alone(Level::Path),
            Layout::Topic => self.alone(Level::Topic),
            Layout::PubSub => match self.path.split_once(':') {
                Some(("topic", path)) => self.pair(path, ':', [Level::Project, Level::Topic]),
                Some(("subscription", path)) => {
                    self.pair(path, ':', [Level::Project, Level::Subscription])
                }
                _ => self.alone(Level::Topic),
            },
            Layout::Unknown => self.alone(Level::Name),
        }
    }

    /// Guesses: a name with slashes is a path, and one without, in a namespace with a scheme,
    /// has dots between its parts.
    fn last_of_unknown(&self, name: &'a str) -> &'a str {
        if name.contains('/') || !self.authority.contains("://") {
            return last_segment(name);
        }
        name.rsplit_once('.').map_or(name, |(_, last)| last)
    }

    fn pair(&self, path: &'a str, border: char, levels: [Level; 2]) -> Vec<Part<'a>> {
        match path.split_once(border) {
            Some((high, low)) => above(levels[0], Some(high), levels[1], low),
            None => self.alone(levels[1]),
        }
    }

    fn alone(&self, level: Level) -> Vec<Part<'a>> {
        vec![Part { level, name: self.path }]
    }
}

/// Gives names their levels, the last name the lowest.
fn fit<'a>(levels: &[Level], names: Vec<&'a str>) -> Vec<Part<'a>> {
    let missing = levels.len().saturating_sub(names.len());
    let levels = levels.iter().skip(missing);
    levels.zip(names).map(|(level, name)| Part { level: *level, name }).collect()
}

/// Puts a container, if there is one, above what it contains.
fn above<'a>(high: Level, name: Option<&'a str>, low: Level, inner: &'a str) -> Vec<Part<'a>> {
    let container = name.filter(|name| !name.is_empty());
    let container = container.map(|name| Part { level: high, name });
    container.into_iter().chain([Part { level: low, name: inner }]).collect()
}

/// Returns the last segment of a path, or the last part of a name without slashes.
fn last_segment(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit_once('/') {
        Some((_, last)) => last,
        None => trimmed,
    }
}

/// Tells whether a text is a URI scheme (RFC 3986 section 3.1).
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Namespace, name, platform, parts and short name of one dataset of each layout.
    #[rustfmt::skip]
    const SAMPLES: &[(&str, &str, &str, &str, &str)] = &[
        ("postgres://db:5432", "shop.public.orders", "postgres", "database=shop schema=public table=orders", "orders"),
        ("postgresql://db:5432", "public.orders", "postgres", "schema=public table=orders", "orders"),
        ("mysql://db:3306", "shop.orders", "mysql", "database=shop table=orders", "orders"),
        ("mssql://db:1433", "shop.dbo.a.b", "mssql", "database=shop schema=dbo table=a.b", "a.b"),
        ("sqlserver://db:1433", "dbo.orders", "synapse", "schema=dbo table=orders", "orders"),
        ("redshift://c.eu-west-1:5439", "dev.public.t", "redshift", "database=dev schema=public table=t", "t"),
        ("bigquery", "example.com:proj.sales.t", "bigquery", "project=example.com:proj database=sales table=t", "t"),
        ("awsathena://athena.eu-west-1.amazonaws.com", "c.d.t", "athena", "catalog=c database=d table=t", "t"),
        ("arn:aws:glue:eu-west-1:123456789012", "table/sales/orders", "glue", "database=sales table=orders", "orders"),
        ("azurecosmos://acc.documents.azure.com/dbs/shop", "colls/orders", "cosmosdb", "database=shop collection=orders", "orders"),
        ("azurekusto://c.kusto.windows.net", "shop/orders", "kusto", "database=shop table=orders", "orders"),
        ("cassandra://c:9042", "ks.t", "cassandra", "keyspace=ks table=t", "t"),
        ("s3://lake", "dw/orders/", "s3", "bucket=lake path=dw/orders/", "orders"),
        ("gs://lake", "a.csv", "gcs", "bucket=lake path=a.csv", "a.csv"),
        ("abfss://raw@acc.dfs.core.windows.net", "in/a.parquet", "adls", "container=raw path=in/a.parquet", "a.parquet"),
        ("hdfs://nn:8020", "/user/hive/t1", "hdfs", "path=/user/hive/t1", "t1"),
        ("file", "/srv/a.csv", "file", "path=/srv/a.csv", "a.csv"),
        ("file://host", "/", "file", "path=/", "/"),
        ("kafka://b:9092", "shop.orders", "kafka", "topic=shop.orders", "shop.orders"),
        ("pubsub", "topic:proj:orders", "pubsub", "project=proj topic=orders", "orders"),
        ("pubsub", "subscription:proj:s", "pubsub", "project=proj subscription=s", "s"),
        ("duckdb:///srv/shop.duckdb", "shop.main.orders", "duckdb", "database=shop schema=main table=orders", "orders"),
        ("food_delivery", "public.orders", "other", "name=public.orders", "public.orders"),
        ("dremio://d:31010", "a/b", "dremio", "name=a/b", "b"),
        ("dremio://d:31010", "a.b", "dremio", "name=a.b", "b"),
        ("jdbc:db2;x=1://h", "t", "other", "name=t", "t"),
        ("", "", "other", "name=", ""),
    ];

    #[test]
    fn names_of_each_layout_are_understood() {
        for (namespace, name, platform, parts, short) in SAMPLES {
            let dataset = DatasetRef::parse(namespace, name);
            let found: Vec<String> = dataset
                .parts()
                .iter()
                .map(|part| format!("{}={}", part.level.as_str(), part.name))
                .collect();
            let found = (dataset.platform(), found.join(" "), dataset.short_name());
            assert_eq!(found, (*platform, (*parts).to_owned(), *short), "{namespace} {name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_put_together_again(namespace: String, name: String) {
            let dataset = DatasetRef::parse(&namespace, &name);
            prop_assert_eq!(dataset.namespace(), namespace.as_str());
            prop_assert_eq!(dataset.name(), name.as_str());
            prop_assert!(dataset.parts().iter().all(|part| part.name.len() <= namespace.len().max(name.len())));
            prop_assert!(name.contains(dataset.short_name()));
        }

        #[test]
        fn names_that_look_like_stores_are_put_together_again(
            kind in 0..SAMPLES.len(),
            tail in "[a-z@:/.é]{0,12}",
            name in "[a-z:/.é]{0,16}",
        ) {
            let namespace = format!("{}{tail}", SAMPLES[kind].0);
            let dataset = DatasetRef::parse(&namespace, &name);
            prop_assert_eq!(&dataset.namespace(), &namespace);
            prop_assert!(name.contains(dataset.short_name()));
        }
    }
}
