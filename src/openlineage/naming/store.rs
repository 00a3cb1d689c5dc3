//! The kinds of store and how each spells its namespaces and names.
//!
//! The standard's page on naming is the source; the kinds marked as such are not in it but
//! are spelled in the same way by producers that were seen.

/// A kind of store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StoreKind {
    Postgres,
    MySql,
    SqlServer,
    Synapse,
    Oracle,
    Db2,
    CrateDb,
    Redshift,
    Teradata,
    OceanBase,
    Hive,
    Snowflake,
    BigQuery,
    Spanner,
    Athena,
    Glue,
    Trino,
    UnityCatalog,
    FabricWarehouse,
    Cassandra,
    CosmosDb,
    Kusto,
    Milvus,
    /// Not in the standard.
    DuckDb,
    /// Not in the standard.
    Sqlite,
    /// Not in the standard.
    ClickHouse,
    /// Not in the standard.
    MongoDb,
    S3,
    Gcs,
    /// Azure Data Lake Storage (`abfss`).
    Adls,
    /// Azure Blob Storage (`wasbs`).
    AzureBlob,
    Hdfs,
    Dbfs,
    /// Files of a machine.
    File,
    SharePoint,
    Box,
    FileNet,
    Kafka,
    PubSub,
    /// Data that exists only while a program runs.
    InMemory,
    /// Any other store.
    Other,
}

/// What a part of a dataset's name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Catalog,
    Project,
    Database,
    Schema,
    Keyspace,
    Table,
    Collection,
    Bucket,
    Container,
    Path,
    Topic,
    Subscription,
    /// A part of a name whose store is not known.
    Name,
}

impl Level {
    /// Returns the lower-case word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Catalog => "catalog",
            Self::Project => "project",
            Self::Database => "database",
            Self::Schema => "schema",
            Self::Keyspace => "keyspace",
            Self::Table => "table",
            Self::Collection => "collection",
            Self::Bucket => "bucket",
            Self::Container => "container",
            Self::Path => "path",
            Self::Topic => "topic",
            Self::Subscription => "subscription",
            Self::Name => "name",
        }
    }
}

/// How a store's dataset names are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Levels with dots between; only the last may hold dots itself. A name with fewer
    /// parts lacks the highest levels.
    Dotted(&'static [Level]),
    /// As [`Layout::Dotted`], but only the first may hold dots itself.
    DottedFromEnd(&'static [Level]),
    /// `{database}/{table}`.
    Slashed,
    /// `table/{database}/{table}`.
    Glue,
    /// `colls/{collection}`, in a namespace that ends in `/dbs/{database}`.
    Cosmos,
    /// A path inside a bucket or container, which is the authority up to its first `@`.
    Object(Level),
    /// A path.
    Path,
    /// A topic.
    Topic,
    /// `topic:{project}:{topic}` or `subscription:{project}:{subscription}`.
    PubSub,
    /// Not known.
    Unknown,
}

/// What is known of a kind of store.
pub(super) struct Store {
    /// The kind.
    pub kind: StoreKind,
    /// Its word in answers and URLs.
    pub word: &'static str,
    /// Its name, for people.
    pub title: &'static str,
    /// How its namespaces begin, or what they are if there is nothing more to them. The
    /// first is the standard's.
    pub prefixes: &'static [&'static str],
    /// How its names are put together.
    pub layout: Layout,
}

const DB_SCHEMA_TABLE: Layout = Layout::Dotted(&[Level::Database, Level::Schema, Level::Table]);
const DB_TABLE: Layout = Layout::Dotted(&[Level::Database, Level::Table]);
const SCHEMA_TABLE: Layout = Layout::Dotted(&[Level::Schema, Level::Table]);
const CATALOG_SCHEMA_TABLE: Layout = Layout::Dotted(&[Level::Catalog, Level::Schema, Level::Table]);
const CATALOG_DB_TABLE: Layout = Layout::Dotted(&[Level::Catalog, Level::Database, Level::Table]);
const KEYSPACE_TABLE: Layout = Layout::Dotted(&[Level::Keyspace, Level::Table]);
const DB_COLLECTION: Layout = Layout::Dotted(&[Level::Database, Level::Collection]);
const PROJECT_DB_TABLE: Layout =
    Layout::DottedFromEnd(&[Level::Project, Level::Database, Level::Table]);

const fn store(
    kind: StoreKind,
    word: &'static str,
    title: &'static str,
    prefixes: &'static [&'static str],
    layout: Layout,
) -> Store {
    Store { kind, word, title, prefixes, layout }
}

/// The stores, in the order of [`StoreKind`].
#[rustfmt::skip]
static STORES: [Store; 41] = [
    store(StoreKind::Postgres, "postgres", "PostgreSQL", &["postgres://", "postgresql://"], DB_SCHEMA_TABLE),
    store(StoreKind::MySql, "mysql", "MySQL", &["mysql://", "mariadb://"], DB_TABLE),
    store(StoreKind::SqlServer, "mssql", "SQL Server", &["mssql://"], DB_SCHEMA_TABLE),
    store(StoreKind::Synapse, "synapse", "Azure Synapse", &["sqlserver://"], SCHEMA_TABLE),
    store(StoreKind::Oracle, "oracle", "Oracle", &["oracle://"], DB_SCHEMA_TABLE),
    store(StoreKind::Db2, "db2", "Db2", &["db2://"], DB_SCHEMA_TABLE),
    store(StoreKind::CrateDb, "crate", "CrateDB", &["crate://"], DB_SCHEMA_TABLE),
    store(StoreKind::Redshift, "redshift", "Redshift", &["redshift://"], DB_SCHEMA_TABLE),
    store(StoreKind::Teradata, "teradata", "Teradata", &["teradata://"], DB_TABLE),
    store(StoreKind::OceanBase, "oceanbase", "OceanBase", &["oceanbase://"], DB_TABLE),
    store(StoreKind::Hive, "hive", "Hive", &["hive://"], DB_TABLE),
    store(StoreKind::Snowflake, "snowflake", "Snowflake", &["snowflake://"], DB_SCHEMA_TABLE),
    store(StoreKind::BigQuery, "bigquery", "BigQuery", &["bigquery"], PROJECT_DB_TABLE),
    store(StoreKind::Spanner, "spanner", "Spanner", &["spanner://"], DB_SCHEMA_TABLE),
    store(StoreKind::Athena, "athena", "Athena", &["awsathena://"], CATALOG_DB_TABLE),
    store(StoreKind::Glue, "glue", "AWS Glue", &["arn:aws:glue:"], Layout::Glue),
    store(StoreKind::Trino, "trino", "Trino", &["trino://", "presto://"], CATALOG_SCHEMA_TABLE),
    store(StoreKind::UnityCatalog, "unitycatalog", "Unity Catalog", &["unitycatalog://"], CATALOG_SCHEMA_TABLE),
    store(StoreKind::FabricWarehouse, "fabric", "Fabric Warehouse", &["fabric-warehouse://"], DB_SCHEMA_TABLE),
    store(StoreKind::Cassandra, "cassandra", "Cassandra", &["cassandra://"], KEYSPACE_TABLE),
    store(StoreKind::CosmosDb, "cosmosdb", "Azure Cosmos DB", &["azurecosmos://"], Layout::Cosmos),
    store(StoreKind::Kusto, "kusto", "Azure Data Explorer", &["azurekusto://"], Layout::Slashed),
    store(StoreKind::Milvus, "milvus", "Milvus", &["milvus://"], DB_COLLECTION),
    store(StoreKind::DuckDb, "duckdb", "DuckDB", &["duckdb://"], DB_SCHEMA_TABLE),
    store(StoreKind::Sqlite, "sqlite", "SQLite", &["sqlite://"], SCHEMA_TABLE),
    store(StoreKind::ClickHouse, "clickhouse", "ClickHouse", &["clickhouse://"], DB_TABLE),
    store(StoreKind::MongoDb, "mongodb", "MongoDB", &["mongodb://"], DB_COLLECTION),
    store(StoreKind::S3, "s3", "S3", &["s3://", "s3a://", "s3n://"], Layout::Object(Level::Bucket)),
    store(StoreKind::Gcs, "gcs", "Google Cloud Storage", &["gs://", "gcs://"], Layout::Object(Level::Bucket)),
    store(StoreKind::Adls, "adls", "Azure Data Lake Storage", &["abfss://", "abfs://"], Layout::Object(Level::Container)),
    store(StoreKind::AzureBlob, "azureblob", "Azure Blob Storage", &["wasbs://", "wasb://"], Layout::Object(Level::Container)),
    store(StoreKind::Hdfs, "hdfs", "HDFS", &["hdfs://"], Layout::Path),
    store(StoreKind::Dbfs, "dbfs", "Databricks File System", &["dbfs://"], Layout::Path),
    store(StoreKind::File, "file", "Files", &["file", "file://"], Layout::Path),
    store(StoreKind::SharePoint, "sharepoint", "SharePoint", &["mssharepoint://"], Layout::Path),
    store(StoreKind::Box, "box", "Box", &["box://"], Layout::Path),
    store(StoreKind::FileNet, "filenet", "FileNet", &["filenet://"], Layout::Path),
    store(StoreKind::Kafka, "kafka", "Kafka", &["kafka://"], Layout::Topic),
    store(StoreKind::PubSub, "pubsub", "Google Pub/Sub", &["pubsub"], Layout::PubSub),
    store(StoreKind::InMemory, "inmemory", "In memory", &["inmemory://"], Layout::Unknown),
    store(StoreKind::Other, "other", "Other", &[], Layout::Unknown),
];

impl StoreKind {
    /// Returns the stable lower-case word for it, such as `postgres`, `s3`, `kafka`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.store().word
    }

    /// Returns its name for people, such as `PostgreSQL`.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.store().title
    }

    /// Reads the word that [`as_str`](Self::as_str) gives.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        STORES.iter().find(|store| store.word == word).map(|store| store.kind)
    }

    /// Goes through every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        STORES.iter().map(|store| store.kind)
    }

    /// Returns how its dataset names are put together.
    pub(super) fn layout(self) -> Layout {
        self.store().layout
    }

    fn store(self) -> &'static Store {
        // STORES has every kind in the order of the enum; a test holds that.
        STORES.get(self as usize).unwrap_or(&STORES[0])
    }
}

/// Tells the kind of store from a namespace, and how many bytes of it are the kind's own.
///
/// Schemes are compared without regard to the case of letters (RFC 3986 section 3.1).
pub(super) fn store_of(namespace: &str) -> (StoreKind, usize) {
    for store in &STORES {
        for prefix in store.prefixes {
            let begins = namespace
                .get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix));
            // A prefix without an authority behind it must be the whole namespace.
            let open = prefix.ends_with([':', '/']);
            if begins && (open || namespace.len() == prefix.len()) {
                return (store.kind, prefix.len());
            }
        }
    }
    (StoreKind::Other, 0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn stores_stand_in_the_order_of_their_kinds() {
        for (index, store) in STORES.iter().enumerate() {
            assert_eq!(store.kind as usize, index, "{}", store.word);
        }
        assert_eq!(StoreKind::Other as usize + 1, STORES.len());
    }

    #[test]
    fn words_are_unique_and_read_back() {
        let words: HashSet<&str> = StoreKind::all().map(StoreKind::as_str).collect();
        assert_eq!(words.len(), STORES.len());
        assert!(StoreKind::all().all(|kind| StoreKind::parse(kind.as_str()) == Some(kind)));
    }

    #[test]
    fn each_prefix_means_its_store() {
        for store in &STORES {
            for prefix in store.prefixes {
                assert_eq!(store_of(prefix).0, store.kind, "{prefix}");
            }
        }
    }

    #[test]
    fn word_that_only_begins_like_a_store_is_none() {
        for namespace in ["bigquery2", "files", "pubsub-lite", "postgres", "food_delivery", ""] {
            assert_eq!(store_of(namespace), (StoreKind::Other, 0), "{namespace}");
        }
        assert_eq!(store_of("S3://Bucket"), (StoreKind::S3, 5));
    }
}
