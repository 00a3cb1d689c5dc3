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

/// Schemas that are remembered of one dataset; those seen longest ago are forgotten first, and
/// once any was, when the others were first seen.
pub const DATASET_SCHEMAS_MAX: usize = 256;

/// Other names (symlinks, renames) that are remembered of one dataset's name, and names that
/// are one dataset.
pub const DATASET_NAMES_MAX: usize = 1_000;

/// Shorter names, and longer ones, by which one job is judged too; one with more counts as
/// unreadable.
pub const JOB_NAMES_MAX: usize = 200;

/// Datasets and facets that a job or run once named and no longer does, with those that it names:
/// with more it may have named anything.
pub const NAMED_BEFORE_MAX: usize = 1_000;

/// Words about a run's state (STARTs and ends) that are kept: the newest.
pub const RUN_MARKS_MAX: usize = 64;

/// Explicit `lineage` facets that are remembered of one run; the oldest are forgotten first.
pub const RUN_LINEAGES_MAX: usize = 64;

/// Facets under different names that are remembered of one dataset, job or run; the oldest are
/// forgotten first, but for those that rules see attributes in.
pub const FACETS_KEPT_MAX: usize = 1_000;

/// Tags that people may have put on one dataset or job, those taken off again included.
pub const TAGS_MAX: usize = 1_000;

/// Tags that people may have put on all columns of one dataset, those taken off included.
pub const COLUMN_TAGS_MAX: usize = 20_000;

/// Columns of one dataset that people may have described, those that are gone included.
pub const COLUMNS_DESCRIBED_MAX: usize = 20_000;

/// Properties that one dataset may have been given, those removed again included.
pub const PROPERTIES_MAX: usize = 1_000;

/// Names and values of all properties of one dataset together.
pub const PROPERTIES_BYTES_MAX: usize = 1024 * 1024;

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

/// How fast the search index's files are read again and again to find damage, in the mean.
pub const INDEX_CHECK_BYTES_PER_SECOND: u64 = 16 * 1024 * 1024;

/// Longest search text, in bytes.
pub const QUERY_BYTES_MAX: usize = 1_024;

/// Clauses of one search at most.
pub const QUERY_CLAUSES_MAX: usize = 32;

/// Passwords that are hashed at once.
pub const HASHED_AT_ONCE_MAX: usize = 2;

/// Datasets and jobs that changed for rules since the followers' positions and are kept apart;
/// over that, search asks the database for what it shows and lineage shows less.
pub const RECENT_MAX: usize = 50_000;

/// Longest time a request waits for a follower's position (`?wait_for=`), in milliseconds.
pub const WAIT_FOR_MS_MAX: u64 = 30_000;

/// Longest time a writer waits for its lock or a reader for its connection, in milliseconds.
pub const LOCK_WAIT_MS_MAX: u64 = 10_000;

/// Longest time a statement that answers somebody may take, in milliseconds.
pub const ANSWER_MS_MAX: u64 = 10_000;

/// Longest time a statement of the writer's, or of work behind the scenes, may take, and a
/// transaction may stand still, in milliseconds.
pub const TRANSACTION_MS_MAX: u64 = 60_000;

/// Longest time a statement of a rebuild may take on PostgreSQL, and the rebuild stand still, in
/// milliseconds: nobody waits for it.
pub const ASIDE_MS_MAX: u64 = 1_800_000;

/// Connections at the same time at most, where there are descriptors for so many.
pub const CONNECTIONS_MAX: usize = 10_000;

/// Descriptors that are kept for the database, the index and files, where there are enough; else a quarter of all.
pub const DESCRIPTORS_KEPT_MIN: usize = 256;

/// Connections that are kept for asking after health, while all others have requests that are answered.
pub const HEALTH_CONNECTIONS_MIN: usize = 16;

/// Connections without a whole head that one peer may have (an address; of IPv6 a /64). Loopback and trusted
/// proxies speak for many and are bounded by [`CONNECTIONS_MAX`] only.
pub const WAITING_OF_A_PEER_MAX: usize = 256;

/// Longest time from a connection's beginning to its first whole head, TLS's handshake included, in milliseconds.
pub const HEAD_MS_MAX: u64 = 20_000;

/// Longest time from an answer's end to the next whole head, in milliseconds. Load balancers keep connections for a
/// minute by default; whoever closes first must not be Lethe.
pub const IDLE_MS_MAX: u64 = 75_000;

/// Longest head of a request, in bytes.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Requests of one HTTP/2 connection at the same time.
pub const STREAMS_OF_A_CONNECTION_MAX: u32 = 100;

/// How long a client may keep Lethe waiting in all while it sends a body, in milliseconds; what it sends earns it more, by
/// [`PACE_BYTES_PER_SECOND_MIN`].
pub const BODY_WAIT_MS_MAX: u64 = 30_000;

/// The same while it takes an answer.
pub const STALL_MS_MAX: u64 = 60_000;

/// The slowest that bodies and answers may get on, in bytes a second.
pub const PACE_BYTES_PER_SECOND_MIN: u64 = 1_024;

/// How often HTTP/2 clients are asked whether they are still there, and how long they may take to say so, in milliseconds.
pub const PING_MS: u64 = 20_000;

/// Listeners of the change feed at the same time, at most; never more than half of the connections there is room for.
pub const LISTENERS_MAX: usize = 1_000;

/// Of these, by one principal or, where nobody says who they are, by one address.
pub const LISTENERS_OF_ONE_MAX: usize = 50;

/// Listeners of the audit log at the same time, at most. Each asks the database twice a second.
pub const AUDIT_LISTENERS_MAX: usize = 32;

/// Of these, by one principal.
pub const AUDIT_LISTENERS_OF_ONE_MAX: usize = 8;

/// Entries that a page may pass by. Lists that go further have cursors.
pub const OFFSET_MAX: usize = 10_000;
/// Denials, or noted reads, of one kind by one principal that are recorded whole at once;
/// those after them are counted.
pub const NOTED_WHOLE_MAX: u32 = 20;

/// Time after which one more of them is recorded whole, in seconds.
pub const NOTED_WHOLE_EVERY_S: i64 = 30;

/// Time after which what was counted is recorded, in seconds.
pub const COUNTED_FOR_S: i64 = 60;

/// Kinds of denials and noted reads (by whom, what, how it ended) that are counted apart at
/// the same time; what is beyond shares one count.
pub const COUNTED_KINDS_MAX: usize = 1_000;

/// Things that one count names at most.
pub const COUNTED_TARGETS_MAX: usize = 500;

/// Denials and noted reads that may wait to be written before whoever asks waits too.
pub const NOTES_WAITING_MAX: usize = 10_000;

/// Records of the audit log that the background check reads a second.
pub const AUDIT_CHECK_RECORDS_A_S: u64 = 5_000;

/// Pause of the background check between two walks over the whole log, in milliseconds.
pub const AUDIT_CHECK_REST_MS: u64 = 1_000;

/// Time within which a denial or a noted read is written, in milliseconds.
pub const NOTED_WITHIN_MS: u64 = 500;

/// Tags (and columns they are on) that restrict, kept of what pipelines said of one dataset or
/// job. Beyond that classes whose authors do not count are only known as some class of a column;
/// if there are still more, it counts as unreadable.
pub const SAID_RESTRICTING_MAX: usize = 20_000;

/// Columns of which it is kept that they have some class; beyond that all of them count so.
pub const SAID_COLUMNS_MAX: usize = 2_000;

/// Other tags kept of what pipelines said of one dataset or job; the last said stay.
pub const SAID_TAGS_MAX: usize = 2_000;

/// Findings kept of one dataset; the last received stay.
pub const FINDINGS_MAX: usize = 32;
