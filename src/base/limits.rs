//! Every limit of Lethe, in one place, with its unit last in the name.
//!
//! A limit here is a promise to the operator: whatever is sent, no request, queue or
//! answer grows beyond it. Going over one is answered with a problem that names it.

/// Greatest size of one event after unpacking. Production producers were seen to send
/// events of over 10 MB (Spark logical plans); 20 MB is refused.
pub const EVENT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Greatest size of one request body after unpacking (batches); NDJSON streams are
/// bounded per line by [`EVENT_BYTES_MAX`] instead.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Greatest number of events in one batch request.
pub const BATCH_EVENTS_MAX: usize = 10_000;

/// Deepest nesting of JSON that is parsed (also serde_json's own limit).
pub const JSON_DEPTH_MAX: usize = 120;

/// Greatest length of a namespace or of a dataset, job or field name.
pub const NAME_BYTES_MAX: usize = 4 * 1024;

/// Greatest number of columns of one dataset, nested ones counted.
pub const COLUMNS_MAX: usize = 10_000;

/// Deepest nesting of schema fields.
pub const COLUMN_DEPTH_MAX: usize = 32;

/// Greatest number of inputs, and of outputs, of one event.
pub const EVENT_DATASETS_MAX: usize = 10_000;

/// Greatest number of field-to-field edges one event may state.
pub const EVENT_COLUMN_EDGES_MAX: usize = 200_000;

/// Greatest number of faults one answer lists; more are counted, not listed.
pub const FAULTS_MAX: usize = 50;

/// Facets up to this size are kept inside their owner's row, larger ones once by content.
pub const FACET_INLINE_BYTES_MAX: usize = 256;

/// The same for the facets that rules see attributes in (tags, owners).
pub const TELLING_INLINE_BYTES_MAX: usize = 4_096;

/// Events that one commit takes at most.
pub const COMMIT_EVENTS_MAX: usize = 2_000;

/// Bytes of events that one commit takes at most (a single larger event still fits).
pub const COMMIT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Events that may wait for the writer before requests are answered 503.
pub const QUEUE_EVENTS_MAX: usize = 20_000;

/// Bytes of events that may wait for the writer before requests are answered 503.
pub const QUEUE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Entries on a page when the asker names no limit (Marquez's default).
pub const PAGE_DEFAULT: usize = 100;

/// Entries on a page at most.
pub const PAGE_MAX: usize = 1_000;

/// Nodes in one lineage answer when the asker names no limit.
pub const GRAPH_NODES_DEFAULT: usize = 200;

/// Nodes in one lineage answer at most.
pub const GRAPH_NODES_MAX: usize = 20_000;

/// Hops of one lineage question at most.
pub const GRAPH_DEPTH_MAX: u32 = 100;

/// Paths of one question at most.
pub const GRAPH_PATHS_MAX: usize = 50;

/// Longest search text, in bytes.
pub const QUERY_BYTES_MAX: usize = 1_024;

/// Clauses of one search at most.
pub const QUERY_CLAUSES_MAX: usize = 32;

/// Longest time a request waits for a follower's position (`?wait_for=`), in milliseconds.
pub const WAIT_FOR_MS_MAX: u64 = 30_000;

/// Longest time a writer waits for its lock or a reader for its connection, in milliseconds.
pub const LOCK_WAIT_MS_MAX: u64 = 10_000;

/// Tags (and columns they are on) that restrict, kept of what pipelines said of one dataset or
/// job; beyond that it counts as unreadable.
pub const SAID_RESTRICTING_MAX: usize = 20_000;

/// Other tags kept of what pipelines said of one dataset or job; the last said stay.
pub const SAID_TAGS_MAX: usize = 2_000;

/// Findings kept of one dataset; the last received stay.
pub const FINDINGS_MAX: usize = 32;
