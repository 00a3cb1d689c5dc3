// The API's types, written from openapi/openapi.json by `npm run types`. Not edited by hand.

/** An access. */
export type AccessEntry = {
  /** Its id. */
  id: string;
  /** When. */
  at: string;
  /** When it was told. */
  receivedAt: string;
  /** The dataset's id; null if the asker must not see it. */
  datasetId?: string | null;
  dataset?: EntityName | null;
  /** What was done. */
  operation: string;
  /** The columns, without those that the asker must not see; empty if not told. */
  columns: string[];
  /** The store's own id of the record; null if the asker must not see the dataset, or what it names. */
  record?: string | null;
  /** The query without its values, or a digest of it; null likewise, or if queries are kept back. */
  fingerprint?: string | null;
  /** What for; null likewise. */
  purpose?: string | null;
  /** How many rows; null if the asker must not see the dataset. */
  rows?: number | null;
  /** Who. */
  actor: ActorEntry;
};

export type AccessEvents = {
  actor: string;
  at: string;
  columns?: string[] | null;
  dataset: {
    name: string;
    namespace: string;
  };
  fingerprint?: string | null;
  id?: string | null;
  operation?: "read" | "write" | "delete" | "export" | "admin" | null;
  purpose?: string | null;
  rows?: number | null;
} | {
  actor: string;
  at: string;
  columns?: string[] | null;
  dataset: {
    name: string;
    namespace: string;
  };
  fingerprint?: string | null;
  id?: string | null;
  operation?: "read" | "write" | "delete" | "export" | "admin" | null;
  purpose?: string | null;
  rows?: number | null;
}[];

/** What became of one access event. */
export type AccessItem = {
  /** Its id. */
  id: string;
  /** `new` or `known`. */
  state: string;
  /** The dataset that it was attributed to. */
  dataset: string;
  /** Whether the catalog knows that dataset. */
  inCatalog: boolean;
  /** Who read it, by reference. */
  actor: string;
};

/** What became of access events. */
export type AccessResult = {
  /** Events in the request. */
  received: number;
  /** Those that are kept now. */
  new: number;
  /** Those that were known. */
  known: number;
  /** What became of each, in the request's order. */
  items: AccessItem[];
};

/** A service account. */
export type AccountEntry = {
  /** Its id, which the audit log cites. */
  id: string;
  /** Its name. */
  name: string;
  /** The namespaces that it may post events for. */
  namespaces: string[];
  /** Further namespaces whose datasets are its own. */
  datasetNamespaces: string[];
  /** The roles that it was given. */
  roles: RoleGiven[];
  /** Whether it may do nothing any more. */
  disabled: boolean;
};

/** What a service account is to be; what is left out stays as it is. */
export type AccountPut = {
  namespaces?: Namespaces | null;
  datasetNamespaces?: Namespaces | null;
  /** The roles that it is given, all of them. Without namespaces there must be some. */
  roles?: RoleGiven[] | null;
  /** Whether it may do anything; a new one may, one that was disabled may not until this is true. */
  enabled?: boolean | null;
};

export type Act = string;

/** How a set of rules is put into force. */
export type Activate = {
  /** The set that is in force now, so that nobody's activation is undone by accident. */
  expectedActive?: number | null;
  waiveShippedCases?: Note | null;
};

/** Somebody who read, by reference. */
export type ActorEntry = {
  /** The reference. */
  ref: string;
  /**
   * The user or service account of the same name; only if `names` was asked for, since whoever
   * may read it has the name.
   */
  principal?: string | null;
  /**
   * The name, in the store's words; only if `names` was asked for, and null once it was
   * destroyed.
   */
  name?: string | null;
};

/** A record of the audit log. */
export type AuditEntry = {
  /** Its place in the log, from 0. */
  index: number;
  /** The record, byte for byte as it was hashed. */
  record: Record<string, unknown>;
};

/** The log's public key and state. */
export type AuditState = {
  /** The key that signs its heads, as a C2SP verifier key; null if nothing signs them. */
  key?: string | null;
  /** Records in it; 0 to those who may not verify it, since it grows with what is denied. */
  size: number;
  /**
   * Why its head is not signed any more; null if all is well, and to those who may not
   * verify it.
   */
  alarm?: string | null;
  checked?: CheckedState | null;
};

export type Auth = string;

/** Several questions. */
export type BatchAsked = {
  /** The questions, 1 to 100. */
  questions: DecideAsked[];
};

/** Several decisions, in the order of the questions. */
export type BatchBody = {
  /** The decisions. */
  answers: DecisionBody[];
};

/** What became of a batch, as the standard words it. */
export type BatchResult = {
  /** `success` or `partial_success`. */
  status: string;
  /** How many. */
  summary: BatchSummary;
  /** The events that were refused. */
  failed_events: FailedEvent[];
};

/** How many events of a batch became what. */
export type BatchSummary = {
  /** Events in the batch. */
  received: number;
  /** Events that are on disk, those known before included. */
  successful: number;
  /** Events that were refused. */
  failed: number;
  /** Refused events that may be accepted later: none. */
  retriable: number;
  /** Refused events that will always be refused; they are kept as dead letters. */
  non_retriable: number;
};

export type Caption = string;

/**
 * What of a value comes through an edge or a path, weakest first.
 * 
 * Along a path the weakest link counts, between parallel paths the strongest. Without
 * transformations nothing is known; that must count as carrying where people are protected.
 */
export type Carry = "indirect" | "masked" | "unknown" | "direct";

/** What became of a node or edge. */
export type Change = "added" | "removed" | "kept";

/**
 * A look at the whole log that found it as it was hashed and signed, and every record filed under
 * what its bytes say. Filters find by what records are filed under: what was filed elsewhere
 * after `since` may be missing from their answers until the next look.
 */
export type CheckedState = {
  /** When it began. */
  since: string;
  /** How many records there were. */
  records: number;
};

/** A column. */
export type Column = {
  /** Its name; nested ones with the names above, joined by dots. */
  name: string;
  /** Its type, in its store's words. */
  type?: string | null;
  /** What it holds. */
  description?: string | null;
  /** Its tags. */
  tags: string[];
};

/** Under which circumstances. */
export type ContextAsked = {
  /** What for. */
  purpose?: string | null;
  auth?: Auth | null;
  /** When; now if absent. */
  time?: string | null;
};

/** Records of one kind in one bucket. */
export type Count = {
  /** When the bucket begins. */
  at: string;
  /** How they ended, or what was done. */
  part: string;
  /** How many. */
  count: number;
};

/** A dataset. */
export type DatasetBody = {
  /** Its id. */
  id: string;
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
  /** Other names it is known by (symlinks, renames). */
  aliases: EntityName[];
  /** The kind of store it is in. */
  platform: string;
  /** TABLE, VIEW, FILE, TOPIC and so on, if known. */
  subtype?: string | null;
  /** The source it lives in. */
  source?: string | null;
  /** What it holds. */
  description?: string | null;
  /** Who owns it. */
  owners: Owner[];
  /** Its tags. */
  tags: string[];
  /** Its columns, nested ones after the one they are in. */
  columns: Column[];
  /** Free properties. */
  properties: Record<string, string>;
  /** The last thing that happened to it as a whole. */
  lifecycle?: string | null;
  /** The earliest event that named it. */
  createdAt?: string | null;
  /** The latest event that named it. */
  updatedAt?: string | null;
  /** When it was last written. */
  writtenAt?: string | null;
  /** How often runs read or wrote it. */
  uses: number;
  /** Whether it is deleted. */
  deleted: boolean;
  /** What was said of it by somebody whose word does not count for that, and has no effect. */
  findings: FindingBody[];
  /** Its facets as they came. */
  facets: Record<string, Record<string, unknown>>;
};

/** A refused event. */
export type DeadLetterEntry = {
  /** Its id; the same payload always has the same. */
  id: string;
  /** When it came. */
  receivedAt: string;
  /** How it came: `batch` or `import`. */
  source: string;
  /** The kind of refusal. */
  code: string;
  /** Everything that is wrong with it, as far as it is listed. */
  faults: ProblemFault[];
  /** Its size. */
  bytes: number;
  /** When it was replayed, if it was. */
  replayedAt?: string | null;
};

/** A refused event and what came. */
export type DeadLetterFull = DeadLetterEntry & {
  /**
   * What came, as text (bytes that are no UTF-8 are shown as U+FFFD); null to whoever does not
   * see all of the catalog as it is, since it may name anything.
   */
  payload?: string | null;
};

/** Whether somebody may do something. */
export type DecideAsked = {
  /** Who. */
  principal: PrincipalAsked;
  /** What. */
  action: Act;
  resource?: ResourceAsked | null;
  dataset?: EntityName | null;
  /** Under which circumstances. */
  context?: ContextAsked;
};

/** A decision, and why it is so. */
export type DecisionBody = {
  /** Who was asked about. */
  principal: string;
  /** Whether they are known. Of others only what was said of them is taken into account. */
  known: boolean;
  /** How they were taken to be recognised. */
  auth: string;
  /** Whether they may. */
  allow: boolean;
  /** `rules`, `noRule`, `scope`, `namespace`, `secrets`, `beyond`, `purpose` or `failure`. */
  why: string;
  /** The version of the rules. */
  policyVersion: number;
  /** The rules that made the decision: of an allow all that allow, of a deny the one that denies. */
  rules: RuleTold[];
  /** What the allow asks for. */
  obligations: string[];
  /** The roles that they hold for the resource. */
  roles: string[];
  nearest?: NearestTold | null;
};

/** What a column holds. */
export type Described = {
  /** In words; null gives the word back to the producer. */
  description?: string | null;
};

/** The lines of two sets that are not the same, each written in the same way. */
export type DiffEntry = {
  /** The set that this one is compared with. */
  against: number;
  /** Lines that only this set has. */
  added: string[];
  /** Lines that only the other set has. */
  removed: string[];
  /** Lines that are not listed, because there are too many. */
  leftOut: number;
};

/** A decision that would change. */
export type DifferenceTold = {
  /** `gains`, `loses` or `other_obligations`. */
  change: string;
  /** Whose. */
  principal: string;
  /** To do what. */
  action: string;
  /** To what. */
  resource: ResourceAsked;
  /** The rules that decide now. */
  rulesBefore: string[];
  /** The rules that would decide. */
  rulesAfter: string[];
  /** What the allow would ask for. */
  obligationsAfter: string[];
};

export type Domain = string;

/** A set of rules to be. */
export type DraftMake = {
  /** The whole set of rules; see docs/policy.md. */
  csv: string;
  /** Examples of what the rules must say, which must come out before it is activated. */
  cases?: string;
  /** Why. */
  note?: Note;
};

/** A draft that was written. */
export type DraftedBody = PolicyEntry & Findings;

/** An edge of an answer. */
export type Edge = {
  /** Index in [`SubGraph::nodes`] of what feeds. */
  source: number;
  /** Index in [`SubGraph::nodes`] of what is fed. */
  target: number;
  /** Field of the source, at column level; none means the whole dataset. */
  sourceField?: string | null;
  /** Field of the target, at column level; none means all its fields. */
  targetField?: string | null;
  /** What it says. */
  kind: EdgeType;
  /** What of the value is carried. */
  carry: Carry;
  /** The best way in which it is known. */
  origin: Origin;
  /** First and last time, and runs, over all who say it. */
  seen: Seen;
  /** Whether it is current. */
  current: boolean;
  /** Jobs over which it leads, unless they are nodes of the answer, by name. */
  jobs: JobLabel[];
  /** Number of further such jobs that the asker may not see. */
  hiddenJobs: number;
  /** What is done to the value, in all ways that are known. */
  transformations: Transformation[];
  change?: Change | null;
};

/** What an edge says. */
export type EdgeType = "reads" | "writes" | "flow" | "column" | "job" | "hidden";

/** A namespace and a name. */
export type EntityName = {
  /** The namespace. */
  namespace: string;
  /** The name. */
  name: string;
};

/** Everything that is wrong with a request. */
export type ErrorList = {
  /** What is wrong, one by one. */
  errors: string[];
};

/** Something that went wrong. */
export type ErrorMessage = {
  /** The HTTP status again. */
  code: number;
  /** What went wrong. */
  message: string;
};

/** An entry of the event log. */
export type EventEntry = {
  /** Its id; the same event always has the same. */
  id: string;
  /** Its place in the log. */
  seq: number;
  /** `run`, `job`, `dataset` or `edit`. */
  kind: string;
  /** Its own time. */
  eventTime: string;
  /** When Lethe received it. */
  receivedAt: string;
  /** The event as it came, but for insignificant white space. */
  event: Record<string, unknown>;
};

/** How often the values of a facet occur among all that was found. */
export type FacetBody = {
  /** Which facet: `type`, `ns`, `platform`, `subtype`, `tag`, `owner`. */
  facet: string;
  /** The most frequent values. */
  values: FacetValue[];
  /** How many further values there are. */
  moreValues: number;
};

/** A facet's value. */
export type FacetValue = {
  /** The value. */
  value: string;
  /** How many hits have it. */
  count: number;
};

/** An event of a batch that was refused. */
export type FailedEvent = {
  /** Its place in the batch, from 0. */
  index: number;
  /** Why. */
  reason: string;
  /** Whether sending it again may help. */
  retriable: boolean;
};

/** A field of a dataset in a column-level answer. */
export type FieldNode = {
  /** Its name. */
  name: string;
  /** Signed distance from the focus in hops. */
  hops: number;
};

/**
 * Something said by somebody whose word does not count for that. It has no effect; whoever may
 * edit the dataset or job can do it for themselves.
 */
export type FindingBody = {
  /** `tag`, `owner`, `symlink`, `lifecycle` or `removal`. */
  kind: string;
  /** The tag, owner, state or facet that it is about; empty for a symlink. */
  what: string;
  /** The column, if it is about one. */
  column?: string | null;
  other?: EntityName | null;
  /** Who said it, as `service:NAME` or `user:NAME`; absent if that was not kept. */
  by?: string | null;
  /**
   * Whether they are a stranger: others are bound to the namespace. Otherwise they only read the
   * dataset.
   */
  stranger: boolean;
  /** When it was last received. */
  receivedAt: string;
};

/** What looks like a mistake. */
export type FindingEntry = {
  /**
   * `unreachable`, `contradictory`, `over_broad`, `unknown_role`, `unused_role`,
   * `no_four_eyes` or `incomplete`.
   */
  kind: string;
  /** The rule that it is about, if it is about one. */
  rule?: string | null;
  /** What is the matter. */
  message: string;
};

/** What the linter found. */
export type Findings = {
  /** The findings, the first 1,000. */
  findings: FindingEntry[];
  /** How many more there are. */
  leftOut: number;
};

/** How far a follower is. */
export type FollowerState = {
  /** `lineage` or `search`. */
  name: string;
  /** The position it has reached. */
  position: number;
  /** Commits it has still to take in. */
  behind: number;
};

/** Who is given a role by a set of rules. */
export type GrantEntry = {
  /** `user:NAME`, `service:NAME`, `system:NAME` or `group:NAME`. */
  subject: string;
  /** The role. */
  role: string;
  /** The domains in which it is held. */
  domain: string;
};

/** A part of the graph. */
export type GraphBody = SubGraph & {
  layout?: Layout | null;
  /** The position of the change feed that the graph has taken in. */
  position: number;
};

/** A group. */
export type GroupEntry = {
  /** Its id, which the audit log cites. */
  id: string;
  /** Its name. */
  name: string;
  /** What it is. */
  description?: string | null;
  /** The roles that its members hold by it. */
  roles: RoleGiven[];
  /** Whether it gives nothing any more. */
  disabled: boolean;
};

/** What a group is to be; what is absent stays as it is. */
export type GroupPut = {
  description?: Caption | null;
  /** The roles that its members hold by it, all of them. */
  roles?: RoleGiven[] | null;
  /** Whether it gives anything; a new one does. */
  enabled?: boolean | null;
};

/** A proof that the log has only grown. */
export type Growth = {
  /** The smaller size. */
  from: number;
  /** The larger size. */
  to: number;
  /** Hashes (base64) of RFC 6962 section 2.1.2. */
  proof: string[];
};

/** A role that is held. */
export type HeldRole = {
  /** The role's name. */
  role: string;
  /** The domains in which it is held; `*` is everywhere. */
  domain: string;
};

/** How many nodes a hidden node stands for. */
export type HiddenCount = {
  /** Datasets. */
  datasets: number;
  /** Jobs. */
  jobs: number;
  /** Fields. */
  fields: number;
};

/** A piece of text with the places found in it. */
export type HighlightBody = {
  /** Which text: `name`, `namespace`, `description`, `field` or `sql`. */
  field: string;
  /** The text, or a part of it. */
  fragment: string;
  /** The places found: from and to, in bytes of the fragment's UTF-8. */
  ranges: number[][];
};

/** A histogram. */
export type Histogram = {
  /** From this time on. */
  from: string;
  /** Before this time. */
  until: string;
  /** Counts in order of time; what there is none of is left out. */
  items: Count[];
};

/** Something found. */
export type HitBody = {
  /** `dataset` or `job`. */
  kind: string;
  /** Its id. */
  id: string;
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
  /**
   * The beginning of what people wrote about it; null if nothing, or where columns of it are
   * masked.
   */
  description?: string | null;
  /** Its tags and those of its columns, twenty of each at most. */
  tags: string[];
  /** Its owners, twenty at most. */
  owners: string[];
  /** The system it lives in; null if unknown. */
  platform?: string | null;
  /** What it is there. */
  subtype?: string | null;
  /** When it last changed. */
  updatedAt: string;
  /** How well it fits; only comparable within one answer. */
  score: number;
  /** Where the search was found. */
  highlights: HighlightBody[];
  /** The columns that were found. */
  matchedColumns: string[];
};

/** What a change reaches. */
export type Impact = {
  /** Entries by distance and then by name, hidden ones last within a distance. */
  entries: ImpactEntry[];
  /** How many of them are hidden. */
  hidden: HiddenCount;
  /** What the list leaves out. */
  truncated: Truncated;
};

/** One dataset or field that is reached. */
export type ImpactEntry = {
  /** What is reached. */
  node: Label;
  /** Hops from the focus; negative against the flow. */
  hops: number;
  /** What is carried to it at most, over any path within the answer. */
  carry: Carry;
  /** The weakest origin along the path that `previous` leads back. */
  origin: Origin;
  /** The entry before it on a shortest path; none if the focus is. */
  previous?: number | null;
  /** Jobs over which the last step leads. */
  jobs: JobLabel[];
  /** Number of further such jobs that the asker may not see. */
  hiddenJobs: number;
};

/** What became of an import. */
export type ImportResult = {
  /** Lines that held something. */
  received: number;
  /** Events that are new. */
  new: number;
  /** Events that were known before. */
  known: number;
  /** Lines that were refused; they are dead letters now. */
  refused: number;
};

/** A job. */
export type JobBody = {
  /** Its id. */
  id: string;
  /** Its namespace. */
  namespace: string;
  /** Its name, its parent's included. */
  name: string;
  /** Its name without its parent's. */
  simpleName: string;
  parent?: EntityName | null;
  /** What it does. */
  description?: string | null;
  /** Who owns it. */
  owners: Owner[];
  /** Its tags. */
  tags: string[];
  /** BATCH, STREAMING or SERVICE. */
  processing?: string | null;
  /** SPARK, DBT, AIRFLOW and so on. */
  integration?: string | null;
  /** QUERY, TASK, DAG, MODEL and so on. */
  jobType?: string | null;
  /** The SQL it runs. */
  sql?: string | null;
  /** Where its code is. */
  location?: string | null;
  /** Datasets it reads now. */
  inputs: EntityName[];
  /** Datasets it writes now. */
  outputs: EntityName[];
  /** How many runs it had. */
  runs: number;
  /** The state of the run that spoke last. */
  state?: string | null;
  /** The earliest event that named it. */
  createdAt?: string | null;
  /** The latest event that named it. */
  updatedAt?: string | null;
  /** Whether it is deleted. */
  deleted: boolean;
  /** The id of the job it became, when its runs were later said to have a parent. */
  renamedTo?: string | null;
  /** What was said of it by somebody whose word does not count for that, and has no effect. */
  findings: FindingBody[];
  /** Its facets as they came. */
  facets: Record<string, Record<string, unknown>>;
};

/** A job that an edge leads over. */
export type JobLabel = {
  /** Its namespace. */
  namespace: string;
  /** Its name; the id if not named. */
  name: string;
  /** Its id. */
  id: string;
};

/** A key, without its bytes. */
export type KeyEntry = {
  /** Its id: of a subject's key the subject's reference. */
  id: string;
  /** `bucket`, `subject`, `purpose` or `signing`. */
  kind: string;
  /** The bucket it belongs to. */
  bucket: number;
  /** Which of the bucket's keys wraps it, or which it is. */
  generation?: number | null;
  /** Which version of the root key wraps it; bucket keys only. */
  rootVersion?: number | null;
  /** When it was made. */
  createdAt?: string | null;
  /** When it was destroyed. */
  shreddedAt?: string | null;
};

/** What a rekeying did. */
export type KeysRekeyed = {
  /** Buckets that have a new key. */
  buckets: number;
};

/** What a rotation did. */
export type KeysRotated = {
  /** The version of the root key that is in use. */
  rootVersion: number;
  /** Bucket keys that were wrapped anew. */
  buckets: number;
};

/** Name of a node or field in lists and paths. */
export type Label = {
  /** What it is; hidden ones have nothing else. */
  kind: NodeType;
  /** Its id. */
  id?: string | null;
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
  /** The field, if it is one. */
  field?: string | null;
};

/** Coordinates for a [`SubGraph`], in pixels, y downwards; index for index its nodes and edges. */
export type Layout = {
  /** Where each node is. */
  nodes: NodeBox[];
  /** How each edge runs. */
  edges: Route[];
  /** Width of all; nothing lies left of 0. */
  width: number;
  /** Height of all; nothing lies above 0. */
  height: number;
};

/** A page of a list. */
export type List_AccessEntry = {
  /** The entries. */
  items: {
    /** Its id. */
    id: string;
    /** When. */
    at: string;
    /** When it was told. */
    receivedAt: string;
    /** The dataset's id; null if the asker must not see it. */
    datasetId?: string | null;
    dataset?: EntityName | null;
    /** What was done. */
    operation: string;
    /** The columns, without those that the asker must not see; empty if not told. */
    columns: string[];
    /** The store's own id of the record; null if the asker must not see the dataset, or what it names. */
    record?: string | null;
    /** The query without its values, or a digest of it; null likewise, or if queries are kept back. */
    fingerprint?: string | null;
    /** What for; null likewise. */
    purpose?: string | null;
    /** How many rows; null if the asker must not see the dataset. */
    rows?: number | null;
    /** Who. */
    actor: ActorEntry;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_AccountEntry = {
  /** The entries. */
  items: {
    /** Its id, which the audit log cites. */
    id: string;
    /** Its name. */
    name: string;
    /** The namespaces that it may post events for. */
    namespaces: string[];
    /** Further namespaces whose datasets are its own. */
    datasetNamespaces: string[];
    /** The roles that it was given. */
    roles: RoleGiven[];
    /** Whether it may do nothing any more. */
    disabled: boolean;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_AuditEntry = {
  /** The entries. */
  items: {
    /** Its place in the log, from 0. */
    index: number;
    /** The record, byte for byte as it was hashed. */
    record: Record<string, unknown>;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_DatasetBody = {
  /** The entries. */
  items: {
    /** Its id. */
    id: string;
    /** Its namespace. */
    namespace: string;
    /** Its name. */
    name: string;
    /** Other names it is known by (symlinks, renames). */
    aliases: EntityName[];
    /** The kind of store it is in. */
    platform: string;
    /** TABLE, VIEW, FILE, TOPIC and so on, if known. */
    subtype?: string | null;
    /** The source it lives in. */
    source?: string | null;
    /** What it holds. */
    description?: string | null;
    /** Who owns it. */
    owners: Owner[];
    /** Its tags. */
    tags: string[];
    /** Its columns, nested ones after the one they are in. */
    columns: Column[];
    /** Free properties. */
    properties: Record<string, string>;
    /** The last thing that happened to it as a whole. */
    lifecycle?: string | null;
    /** The earliest event that named it. */
    createdAt?: string | null;
    /** The latest event that named it. */
    updatedAt?: string | null;
    /** When it was last written. */
    writtenAt?: string | null;
    /** How often runs read or wrote it. */
    uses: number;
    /** Whether it is deleted. */
    deleted: boolean;
    /** What was said of it by somebody whose word does not count for that, and has no effect. */
    findings: FindingBody[];
    /** Its facets as they came. */
    facets: Record<string, Record<string, unknown>>;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_DeadLetterEntry = {
  /** The entries. */
  items: {
    /** Its id; the same payload always has the same. */
    id: string;
    /** When it came. */
    receivedAt: string;
    /** How it came: `batch` or `import`. */
    source: string;
    /** The kind of refusal. */
    code: string;
    /** Everything that is wrong with it, as far as it is listed. */
    faults: ProblemFault[];
    /** Its size. */
    bytes: number;
    /** When it was replayed, if it was. */
    replayedAt?: string | null;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_EventEntry = {
  /** The entries. */
  items: {
    /** Its id; the same event always has the same. */
    id: string;
    /** Its place in the log. */
    seq: number;
    /** `run`, `job`, `dataset` or `edit`. */
    kind: string;
    /** Its own time. */
    eventTime: string;
    /** When Lethe received it. */
    receivedAt: string;
    /** The event as it came, but for insignificant white space. */
    event: Record<string, unknown>;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_GroupEntry = {
  /** The entries. */
  items: {
    /** Its id, which the audit log cites. */
    id: string;
    /** Its name. */
    name: string;
    /** What it is. */
    description?: string | null;
    /** The roles that its members hold by it. */
    roles: RoleGiven[];
    /** Whether it gives nothing any more. */
    disabled: boolean;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_KeyEntry = {
  /** The entries. */
  items: {
    /** Its id: of a subject's key the subject's reference. */
    id: string;
    /** `bucket`, `subject`, `purpose` or `signing`. */
    kind: string;
    /** The bucket it belongs to. */
    bucket: number;
    /** Which of the bucket's keys wraps it, or which it is. */
    generation?: number | null;
    /** Which version of the root key wraps it; bucket keys only. */
    rootVersion?: number | null;
    /** When it was made. */
    createdAt?: string | null;
    /** When it was destroyed. */
    shreddedAt?: string | null;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_MemberEntry = {
  /** The entries. */
  items: {
    /** The person's id. */
    id: string;
    /** The person's name. */
    name: string;
    /** What they are called. */
    displayName?: string | null;
    /** Whether they may do nothing any more. */
    disabled: boolean;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_PolicyEntry = {
  /** The entries. */
  items: {
    /** Its number, which decisions and the audit log cite. */
    version: number;
    /** `draft`, `active` or `retired`. */
    state: string;
    /** When it was written. */
    createdAt: string;
    /** Who wrote it, by id. */
    author: string;
    /** Why. */
    note: string;
    /** When it was put into force last. */
    activatedAt?: string | null;
    /** Who put it into force, by id. */
    activatedBy?: string | null;
    /** Why the shipped cases did not have to pass. */
    shippedCasesWaived?: string | null;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_RunBody = {
  /** The entries. */
  items: {
    /** Its id. */
    id: string;
    /** The id its producer gave, where that was no UUID. */
    givenId?: string | null;
    /** The job's id. */
    jobId?: string | null;
    job?: EntityName | null;
    /** The run that started it. */
    parent?: string | null;
    /** The run at the top of its tree. */
    root?: string | null;
    /** NEW, RUNNING, COMPLETED, ABORTED or FAILED. */
    state: string;
    /** When it started. */
    startedAt?: string | null;
    /** When it ended. */
    endedAt?: string | null;
    /** How long it took, in milliseconds. */
    durationMs?: number | null;
    /** What it read. */
    inputs: RunDataset[];
    /** What it wrote. */
    outputs: RunDataset[];
    /** Its facets as they came. */
    facets: Record<string, Record<string, unknown>>;
    /** The id that its producer gave it, where a run of another namespace has that id. */
    sharedId?: string | null;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_SchemaEntry = {
  /** The entries. */
  items: {
    /** From when. */
    first: string;
    /** Until when it was seen. */
    last: string;
    /** Its columns. */
    columns: Column[];
    /** What changed from the schema before. */
    changes: Record<string, unknown>[];
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_StrangerEntry = {
  /** The entries. */
  items: {
    /** The dataset's namespace. */
    namespace: string;
    /** The dataset's name. */
    name: string;
    /** Who speaks of it, as `service:NAME` or `user:NAME`; absent if that was not kept. */
    by?: string | null;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_TokenEntry = {
  /** The entries. */
  items: {
    /** Its id, which the audit log cites. */
    id: string;
    /** What it is called. */
    name: string;
    /** The last four signs of its text. */
    last4: string;
    /** `active`, `overlapping`, `rotated`, `expired`, `revoked`. */
    state: string;
    /** The acts that it is limited to; null if by nothing but its owner's rights. */
    scopes?: string | null;
    /** The namespaces that it is bound to; null if to its owner's. */
    namespaces?: string[] | null;
    /** When it was made. */
    createdAt: string;
    /** When it ends. */
    expiresAt: string;
    /** When it was last shown, within five minutes. */
    usedAt?: string | null;
    /** The token in whose place it was put. */
    inPlaceOf?: string | null;
    /** Until when it works beside the one that was put in its place. */
    overlapsUntil?: string | null;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** A page of a list. */
export type List_UserEntry = {
  /** The entries. */
  items: {
    /** Their id, which the audit log cites. It stands for the name in every path. */
    id: string;
    /** The name they sign in with. */
    name: string;
    /** What they are called. */
    displayName?: string | null;
    /** The roles that they were given themselves. */
    roles: RoleGiven[];
    /** Whether they may do nothing any more. */
    disabled: boolean;
    /** Whether they can sign in with a password. */
    hasPassword: boolean;
    /** When they were made known. */
    createdAt: string;
    /** When they last signed in. */
    signedInAt?: string | null;
  }[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
};

/** Whoever asks, as they are known. */
export type Me = {
  /** Their id, which the audit log cites; absent where nobody is asked who they are. */
  id?: string | null;
  /** What they are: `user`, `service`, `system` or `anonymous`. */
  kind: string;
  /** Their name. */
  name: string;
  /** How they were recognised: `token`, `session`, `password`, or `none`. */
  auth: string;
  /** The groups that they are in. */
  groups: string[];
  /** The roles that they hold, and where. */
  roles: HeldRole[];
  /** What their token is limited to; null if by nothing. */
  scopes?: string | null;
  /** The namespaces that they are bound to; null if to none. */
  namespaces?: string[] | null;
  /**
   * The acts that any rule could ever let them do: nothing else need be offered to them.
   * Whether they may is decided each time.
   */
  acts: string[];
  /** The same of what is their own, and of nothing else. */
  actsOnOwn: string[];
};

/** A member of a group. */
export type MemberEntry = {
  /** The person's id. */
  id: string;
  /** The person's name. */
  name: string;
  /** What they are called. */
  displayName?: string | null;
  /** Whether they may do nothing any more. */
  disabled: boolean;
};

/** What a rule asks for that is not so. */
export type MissingTold = {
  /** `role`, `domain`, `selector`, `condition`, `purpose`, `scope` or `namespace`. */
  what: string;
  /** What is expected, as the rule says it. */
  expected?: string | null;
};

export type Name = string;

export type Namespaces = string[];

/** The rule that lacks least to allow it. */
export type NearestTold = RuleTold & {
  /** What it lacks. */
  missing: MissingTold[];
};

/** A node of an answer. */
export type Node = {
  /** What it is. */
  kind: NodeType;
  /** Its id; none if hidden. */
  id?: string | null;
  /** Its namespace; empty if not named or hidden. */
  namespace: string;
  /** Its name; the id if not named, empty if hidden. */
  name: string;
  /**
   * Signed distance from the focus in hops: negative against the flow. A job counts with
   * the dataset it leads to.
   */
  hops: number;
  /** Whether it is deleted. */
  deleted: boolean;
  /** Other ids of the same dataset. */
  aliases: string[];
  /** Column level: the fields that take part, by name. */
  fields: FieldNode[];
  /**
   * Column level: signed hops of the dataset as a whole (all its fields, or one that
   * nobody named), if it takes part as such.
   */
  whole?: number | null;
  /**
   * Table level, datasets: datasets one hop up that are not shown; counts to
   * [`HIDDEN_COUNT_MAX`] and stops.
   */
  moreUp: number;
  /** Table level, datasets: datasets one hop down that are not shown. */
  moreDown: number;
  hidden?: HiddenCount | null;
  change?: Change | null;
};

/** Where a node is: its upper left corner and its size. */
export type NodeBox = {
  /** Left side. */
  x: number;
  /** Upper side. */
  y: number;
  /** Width. */
  w: number;
  /** Height. */
  h: number;
  /** Layer: grows along the flow; the focus of the first layout is in layer 0. */
  layer: number;
};

/** Kind of a node of an answer. */
export type NodeType = "dataset" | "job" | "run" | "hidden";

export type Note = string;

export type OpenLineageEvent = {
  dataset?: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  } | null;
  eventTime: string;
  eventType?: "START" | "RUNNING" | "COMPLETE" | "ABORT" | "FAIL" | "OTHER" | null;
  inputs?: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  }[] | null;
  job: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  };
  outputs?: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  }[] | null;
  producer: string;
  run?: {
    facets?: Record<string, unknown> | null;
    runId: string;
  } | null;
} | {
  dataset: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  };
  eventTime: string;
  eventType?: "START" | "RUNNING" | "COMPLETE" | "ABORT" | "FAIL" | "OTHER" | null;
  inputs?: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  }[] | null;
  job?: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  } | null;
  outputs?: {
    facets?: Record<string, unknown> | null;
    name: string;
    namespace: string;
  }[] | null;
  producer: string;
  run?: {
    facets?: Record<string, unknown> | null;
    runId: string;
  } | null;
};

/** A session, as whoever has it is told of it. */
export type OpenSession = {
  /** Its id, which the audit log cites; null if the request came by no session. */
  id?: string | null;
  /**
   * To be sent as `x-csrf-token` with every request that changes something; null if the
   * request came by no session.
   */
  csrfToken?: string | null;
};

/** A record, with what is sealed beside it if that was asked for. */
export type OpenedEntry = {
  /** Its place in the log, from 0. */
  index: number;
  /** The record, byte for byte as it was hashed. */
  record: Record<string, unknown>;
  /** Personal values beside the record; absent unless `unseal` was asked for. */
  sealed?: OpenedValue[] | null;
};

/** A personal value beside a record. */
export type OpenedValue = {
  /** Which value of the record it is. */
  slot: string;
  /** Whose it is, by reference. */
  subject: string;
  /** The value; null once its key was destroyed. */
  value?: string | null;
};

/** How an edge is known. The order is the strength: what is observed beats what is inferred. */
export type Origin = "inferred" | "declared" | "observed";

/** A run that was given the id of another. */
export type OtherRun = {
  /** The id that it is kept under. */
  id: string;
  job?: EntityName | null;
};

/** Somebody who owns something. */
export type Owner = {
  /** Who. */
  name: string;
  /** In which role. */
  type?: string | null;
};

/** Which role includes which. */
export type ParentEntry = {
  /** The role. */
  role: string;
  /** The role that it includes. */
  inherits: string;
};

/** A new password. */
export type PasswordPut = {
  /** The new one: at least 12 characters, at most 1024 bytes. */
  password: string;
  /** The one until now, where people set their own. */
  current?: string | null;
};

/** A path along the flow. */
export type Path = {
  /** Its nodes, from where the flow starts to where it ends. */
  nodes: Label[];
  /** Its steps: one fewer than nodes. */
  steps: PathStep[];
  /** Length in hops. A step from a whole dataset to its field is none. */
  hops: number;
  /** What is carried from end to end. */
  carry: Carry;
};

/** A step of a path. */
export type PathStep = {
  /** What is carried. */
  carry: Carry;
  /** How it is known. */
  origin: Origin;
  seen?: Seen | null;
  /** Jobs over which it leads. */
  jobs: JobLabel[];
  /** Number of further such jobs that the asker may not see. */
  hiddenJobs: number;
  /** What is done to the value. */
  transformations: Transformation[];
};

/** The paths found. */
export type Paths = {
  /** Shortest first. */
  paths: Path[];
  /** Whether there are more paths than were asked for. */
  more: boolean;
  /**
   * What the search left out; then shorter paths than those shown may be missing only
   * if it says so.
   */
  truncated: Truncated;
};

/** Somebody who may. */
export type PermittedTold = {
  /** `user:ann`, `group:sales` for whoever is in it, or `everyone`. */
  subject: string;
  /** The strongest way to be recognised in which they may. */
  auth: string;
  /** The rules by which they may. */
  rules: string[];
  /** What the allow asks for. */
  obligations: string[];
};

/** A set of rules. */
export type PolicyBody = PolicyEntry & {
  /** The whole set as it was written. */
  csv: string;
  /** The cases that were given with it; empty if none were. */
  cases: string;
  /** The rules, the first 1,000. */
  rules: RuleEntry[];
  /** Who is given which role by the set, the first 1,000. */
  grants: GrantEntry[];
  /** Which role includes which, the first 1,000. */
  parents: ParentEntry[];
  /** Rules, grants and inclusions that are in the CSV text alone. */
  leftOut: number;
  diff?: DiffEntry | null;
};

/** What is known of a set of rules besides the rules. */
export type PolicyEntry = {
  /** Its number, which decisions and the audit log cite. */
  version: number;
  /** `draft`, `active` or `retired`. */
  state: string;
  /** When it was written. */
  createdAt: string;
  /** Who wrote it, by id. */
  author: string;
  /** Why. */
  note: string;
  /** When it was put into force last. */
  activatedAt?: string | null;
  /** Who put it into force, by id. */
  activatedBy?: string | null;
  /** Why the shipped cases did not have to pass. */
  shippedCasesWaived?: string | null;
};

/**
 * Who is asked about: somebody known, by reference, or somebody who might be, with `groups` or
 * `roles`.
 */
export type PrincipalAsked = {
  /** `user:NAME`, `service:NAME`, `system:bootstrap` or `anonymous`. */
  reference: Reference;
  /** The groups that they are in; if given, nobody is looked up. */
  groups?: string[] | null;
  /**
   * The roles that they hold besides those that the rules give them and their groups; if given,
   * nobody is looked up.
   */
  roles?: RoleAsked[] | null;
  /** What a token of theirs is limited to. */
  scopes?: string | null;
  namespaces?: Namespaces | null;
};

/** A problem (RFC 9457). */
export type Problem = {
  /** A URI that names the kind of problem. */
  type: string;
  /** The kind of problem, for people. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** The kind of problem, for programs: the last part of `type`. */
  code: string;
  /** What happened this time, and what to do. */
  detail: string;
  /** All that is wrong, as far as it is listed. */
  errors?: ProblemFault[];
  /** How many more faults there are. */
  errorsLeftOut?: number;
};

/** One thing that is wrong with a request. */
export type ProblemFault = {
  /** Where: a JSON pointer (RFC 6901) into the body, or the parameter's name. */
  pointer: string;
  /** What, as a stable word. */
  code: string;
  /** What, for people. */
  message: string;
  /** The line of the text that `pointer` names, from 1, where it is a text of lines. */
  line?: number | null;
};

/** A dataset to create or describe; what is left out stays as it is. */
export type PutDataset = {
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
  /** The source it lives in. */
  source?: string | null;
  /** What it holds. */
  description?: string | null;
  /** Its columns, all of them. */
  fields?: PutField[] | null;
  /** Its owners, all of them. */
  owners?: Owner[] | null;
  /** Tags to put on it. */
  tags?: Tags;
  /** Properties to set, or with null to remove. */
  properties?: Record<string, string | null>;
};

/** Datasets to create or describe. */
export type PutDatasets = {
  /** The datasets; up to 1,000. */
  datasets: PutDataset[];
};

/** A column to describe. */
export type PutField = {
  /** Its name. */
  name: string;
  /** Its type, in its store's words. */
  type?: string | null;
  /** What it holds. */
  description?: string | null;
  /** Its tags. */
  tags?: Tags;
  /** The fields nested in it. */
  fields?: PutField[];
};

/** Somebody who read a dataset, or exported it. */
export type ReaderEntry = {
  /** Who. */
  actor: ActorEntry;
  /** The id of what they read. */
  datasetId: string;
  /** What they read, under the name that the store used. */
  dataset: EntityName;
  /** Hops from the dataset that was asked about; 0 for itself. */
  hops: number;
  via?: EntityName | null;
  /** How often. */
  count: number;
  /** First. */
  first: string;
  /** Last. */
  last: string;
  /** Which columns, as far as they were told and the asker may see them. */
  columns: string[];
  /** Whether there are more. */
  moreColumns: boolean;
};

/** A page of readers. */
export type ReaderPage = {
  /** The readers, nearest first. */
  items: ReaderEntry[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
  /** Names of datasets that were looked at. */
  datasets: number;
  /** Datasets in reach that the asker must not see: their readers are left out. */
  hidden: number;
  /** What the walk along the lineage left out. */
  truncated: Truncated;
};

/** What the node can do. */
export type Ready = {
  /** Whether it should be sent requests. */
  ready: boolean;
  /** `sqlite` or `postgres`. */
  database: string;
  /** Whether the database answers. */
  databaseAnswers: boolean;
  /** The last commit's position. */
  position: number;
  /** The version of the rules that this node obeys. */
  policyVersion: number;
  /**
   * Why these may not be the rules in force any more, and the node is not ready; null if they
   * are.
   */
  policyAlarm?: string | null;
  /** What is wrong with the audit log; null if it is what was signed. The node goes on. */
  auditAlarm?: string | null;
  /** Loops of this node that show no sign of life, such as `lineage`, `search`, `rules`. */
  standingStill: string[];
  /**
   * How far this machine's clock is behind the database's, which counts where several nodes share
   * it, in milliseconds.
   */
  clockBehindDatabaseMs: number;
  /** Events that wait for the writer. */
  waiting: number;
  /** What cannot be written at present, such as for want of room: `database`, `data directory`. */
  cannotWrite: string[];
  /** The file of the search index that was found damaged; null once it is built anew. */
  searchDamaged?: string | null;
  /** How far each follower is. */
  followers: FollowerState[];
};

export type Reference = string;

/** What is acted upon: the attributes that rules see. */
export type ResourceAsked = {
  /** What it is. */
  kind: ResourceKind;
  /** The namespace it is in. */
  namespace?: string | null;
  /** Its place in the organisation. */
  domain?: string | null;
  /** Its tags, and those of its fields; `class:NAME`, as the catalog has it, is the class `NAME`. */
  tags?: string[];
  /** The classes of personal data that its fields hold. */
  classes?: string[];
  /** Whose it is. */
  owners?: string[];
  /** Whether some of what would tell its tags, classes or owners cannot be read: it may have any. */
  unreadable?: boolean;
};

export type ResourceKind = string;

/** A role, and the domains in which it is held. */
export type RoleAsked = {
  /** The role. */
  role: string;
  domain?: Domain | null;
};

/** A role of the rules in force. */
export type RoleEntry = {
  /** Its name. */
  name: string;
  /** The roles that it includes, directly or through others. */
  includes: string[];
  /** The rules that are about it alone. */
  rules: string[];
};

/** A role that somebody was given. */
export type RoleGiven = {
  /** The role's name. */
  role: string;
  /**
   * The domains in which it is held: a path, everything under one (`clinical/*`), or `*`,
   * which is everywhere.
   */
  domain?: Domain;
};

/** The roles of the rules in force. */
export type RoleList = {
  /** The version of the rules. */
  policyVersion: number;
  /** The roles, by name. There are as many as the rules name. */
  items: RoleEntry[];
};

/** How an edge runs: a polyline from source to target. */
export type Route = {
  /** Points, `[x, y]` each. */
  points: number[][];
  /** Whether it runs against the layers, because it closes a circle. */
  back: boolean;
};

/** One rule, its fields as they are written. */
export type RuleEntry = {
  /** Its name, which decisions cite. */
  id: string;
  /** Whom it is about. */
  role: string;
  /** The domains it is about. */
  domain: string;
  /** The acts it is about. */
  actions: string;
  /** The resources it is about. */
  selector: string;
  /** When it is in force. */
  condition: string;
  /** `allow` or `deny`. */
  effect: string;
  /** What an allow asks for. */
  obligations: string[];
};

/** A rule that made a decision. */
export type RuleTold = {
  /** Its name. */
  id: string;
  /** The rule as a line of the set. */
  text: string;
};

/** A run. */
export type RunBody = {
  /** Its id. */
  id: string;
  /** The id its producer gave, where that was no UUID. */
  givenId?: string | null;
  /** The job's id. */
  jobId?: string | null;
  job?: EntityName | null;
  /** The run that started it. */
  parent?: string | null;
  /** The run at the top of its tree. */
  root?: string | null;
  /** NEW, RUNNING, COMPLETED, ABORTED or FAILED. */
  state: string;
  /** When it started. */
  startedAt?: string | null;
  /** When it ended. */
  endedAt?: string | null;
  /** How long it took, in milliseconds. */
  durationMs?: number | null;
  /** What it read. */
  inputs: RunDataset[];
  /** What it wrote. */
  outputs: RunDataset[];
  /** Its facets as they came. */
  facets: Record<string, Record<string, unknown>>;
  /** The id that its producer gave it, where a run of another namespace has that id. */
  sharedId?: string | null;
};

/** What a run did to a dataset. */
export type RunDataset = {
  /** The dataset's id. */
  id: string;
  /** The dataset's namespace. */
  namespace: string;
  /** The dataset's name. */
  name: string;
  /** The input or output facets as they came. */
  facets: Record<string, Record<string, unknown>>;
};

/** A run, and others that were given its id. */
export type RunDetail = RunBody & {
  /** Runs that jobs of other namespaces gave the same id, the earliest first. */
  others: OtherRun[];
};

/** A schema a dataset had. */
export type SchemaEntry = {
  /** From when. */
  first: string;
  /** Until when it was seen. */
  last: string;
  /** Its columns. */
  columns: Column[];
  /** What changed from the schema before. */
  changes: Record<string, unknown>[];
};

/** What was found. */
export type SearchBody = {
  /** The hits of this page, best first. */
  hits: HitBody[];
  /** How many there are in all. */
  total: number;
  /** Whether `total` is exact. */
  exact: boolean;
  /** Whether words were taken as misspelt, since too little was found as written. */
  mended: boolean;
  /** Facets with counts. */
  facets: FacetBody[];
  /** Pass it as `after` for the next page; null at the end. */
  next?: string | null;
  /** The position of the change feed that the index has taken in. */
  position: number;
  /**
   * Whether something changed since the first page: then entries may be missing from the pages,
   * or stand on two. While nothing changes, pages from any node are whole and without repeats.
   */
  changed: boolean;
};

/**
 * When and how often something was asserted.
 * 
 * For what runs observed, take the times of the *run* (its start), not of the event, so
 * that all that one run asserted begins and ends together.
 */
export type Seen = {
  /** First time it was asserted. */
  first: string;
  /** Last time it was asserted. */
  last: string;
  /** Number of runs that asserted it; 0 for declarations. */
  runs: number;
};

/** A session of somebody's. */
export type SessionEntry = {
  /** Its id. */
  id: string;
  /** How it was opened: `password`, `token`, or `session` for a link. */
  auth: string;
  /** When it was opened. */
  createdAt: string;
  /** When it was last seen, within a minute. An hour after it ends. */
  seenAt: string;
  /** When it ends at the latest. */
  expiresAt: string;
  /** Whether this request came by it. */
  current: boolean;
};

/** Somebody's sessions. */
export type SessionList = {
  /** The sessions, those that end last first: at most 20. */
  items: SessionEntry[];
};

/** Whoever asks, and their session. */
export type SessionState = OpenSession & {
  /** Whoever asks. */
  me: Me;
};

/** Whose key is to be destroyed. */
export type ShredPut = {
  /** The subject's reference, which is the key's id. */
  subject: string;
  /** Why; kept sealed beside the audit record. */
  reason?: string | null;
};

/** What somebody shows to sign in: a name and a password, or a token, or the code of a link. */
export type SignIn = {
  /** The person's name; a password must come with it. */
  name?: string | null;
  /** The person's password. */
  password?: string | null;
  /** A token; the session may do what it may, and ends with it. */
  token?: string | null;
  /** The code of a one-time link. */
  code?: string | null;
};

/** Which rules to compare with those in force: one of the two. */
export type SimulateAsked = {
  /** Those of this set. */
  version?: number | null;
  /** These. */
  csv?: string | null;
};

/** What rules would change. */
export type SimulationBody = {
  /** The version of the rules in force. */
  policyVersion: number;
  /** The decisions that would change, the first 1,000. */
  differences: DifferenceTold[];
  /** How many there are in all. */
  total: number;
  /** Principals of whom something changes. */
  principalsChanged: number;
  /** Principals that were asked about. */
  principalsAsked: number;
  /** Sets of attributes of resources of which something changes. */
  classesChanged: number;
  /** Sets of attributes that were asked about. */
  classesAsked: number;
  /** Decisions that were compared. */
  asked: number;
  /** Whether there is more than was asked about: the answer is then a part. */
  truncated: boolean;
};

/** Somebody who speaks of a dataset and would be a stranger to it. */
export type StrangerEntry = {
  /** The dataset's namespace. */
  namespace: string;
  /** The dataset's name. */
  name: string;
  /** Who speaks of it, as `service:NAME` or `user:NAME`; absent if that was not kept. */
  by?: string | null;
};

/** A part of the graph. */
export type SubGraph = {
  /** Its nodes, nearest to the focus first. */
  nodes: Node[];
  /** Its edges, from what feeds to what is fed. */
  edges: Edge[];
  /** What it leaves out. */
  truncated: Truncated;
};

/** A completion. */
export type SuggestionBody = {
  /** What it is: `dataset`, `job`, `column`, or a facet such as `tag`. */
  kind: string;
  /** The id, for a dataset or job. */
  id?: string | null;
  /** The text to show. */
  text: string;
  /** The namespace, for a dataset or job. */
  namespace?: string | null;
  /** The search text it stands for. */
  query: string;
  /** How many things it finds. */
  count: number;
};

export type Tags = string[];

/** A token, without its secret. */
export type TokenEntry = {
  /** Its id, which the audit log cites. */
  id: string;
  /** What it is called. */
  name: string;
  /** The last four signs of its text. */
  last4: string;
  /** `active`, `overlapping`, `rotated`, `expired`, `revoked`. */
  state: string;
  /** The acts that it is limited to; null if by nothing but its owner's rights. */
  scopes?: string | null;
  /** The namespaces that it is bound to; null if to its owner's. */
  namespaces?: string[] | null;
  /** When it was made. */
  createdAt: string;
  /** When it ends. */
  expiresAt: string;
  /** When it was last shown, within five minutes. */
  usedAt?: string | null;
  /** The token in whose place it was put. */
  inPlaceOf?: string | null;
  /** Until when it works beside the one that was put in its place. */
  overlapsUntil?: string | null;
};

/** A new token. */
export type TokenMade = TokenEntry & {
  /** The token's text. It is told this once. */
  token: string;
};

/** What a new token is to be. */
export type TokenMake = {
  /** What it is called. */
  name: Name;
  /** How long it lives, in days: 1 to 366; 90 if absent. */
  expiresInDays?: number | null;
  /** The acts that it is limited to, joined by `|`, such as `dataset:read|lineage:*`. */
  scopes?: string | null;
  namespaces?: Namespaces | null;
};

/** How a token is to be rotated. */
export type TokenRotate = {
  /** How long the old one works yet, in hours: 0 to 168; 24 if absent. */
  overlapHours?: number | null;
};

/** What was done to a value on its way. */
export type Transformation = {
  /** Whether the value itself is carried, or only has influence. */
  type: TransformationKind;
  /** E.g. `IDENTITY`, `AGGREGATION`, `JOIN`. */
  subtype?: string | null;
  /** In the producer's words. */
  description?: string | null;
  /** Whether the value is made unreadable (hashed, counted…). */
  masking: boolean;
};

/** Kind of a transformation. */
export type TransformationKind = "DIRECT" | "INDIRECT" | "OTHER";

/** What an answer leaves out. */
export type Truncated = {
  /** The depth asked for ended before the graph did. */
  depth: boolean;
  /** The node limit ended it. */
  nodes: boolean;
  /** The limit of work ended it: a hub was not looked at to its end. */
  work: boolean;
  /** Nodes that were found but not shown, because of the node limit. */
  leftOut: number;
  /** Nodes that lie one hop beyond what is shown, because of the depth. */
  beyond: number;
};

/** A person and their groups. */
export type UserDetails = UserEntry & {
  /** The groups that they are in, by name. */
  groups: string[];
};

/** A person. */
export type UserEntry = {
  /** Their id, which the audit log cites. It stands for the name in every path. */
  id: string;
  /** The name they sign in with. */
  name: string;
  /** What they are called. */
  displayName?: string | null;
  /** The roles that they were given themselves. */
  roles: RoleGiven[];
  /** Whether they may do nothing any more. */
  disabled: boolean;
  /** Whether they can sign in with a password. */
  hasPassword: boolean;
  /** When they were made known. */
  createdAt: string;
  /** When they last signed in. */
  signedInAt?: string | null;
};

/** What is to be known of a person; what is absent stays as it is. */
export type UserPut = {
  displayName?: Caption | null;
  /** The roles that they are given themselves, all of them. */
  roles?: RoleGiven[] | null;
  /** Whether they may do anything; somebody new may. */
  enabled?: boolean | null;
};

/** Who may do something. */
export type WhoCanAsked = {
  /** What. */
  action: Act;
  /** To what. */
  resource: ResourceAsked;
  /** Under which circumstances; in any way to be recognised if `auth` is absent. */
  context?: ContextAsked;
  /** Entries wanted, 1 to 1000; 100 if absent. */
  limit?: number | null;
  /** Where to go on: the `next` of the page before. */
  after?: string | null;
};

/** Those who may do something: a page. */
export type WhoCanBody = {
  /** Those who may. */
  items: PermittedTold[];
  /** Pass it as `after` for the next page, which may be empty; null at the end. */
  next?: string | null;
  /** The version of the rules. */
  policyVersion: number;
};

/** What a column is, and what it was made from. */
export type MarquezColumnData = {
  /** Its dataset's namespace. */
  namespace: string;
  /** Its dataset. */
  dataset: string;
  /** The newest version of its dataset. */
  datasetVersion: string;
  /** Its name. */
  field: string;
  /** Its type; empty if not known. */
  fieldType: string;
  /** Deprecated by the standard. */
  transformationDescription?: string | null;
  /** Deprecated by the standard. */
  transformationType?: string | null;
  /** What it was made from. */
  inputFields: MarquezColumnOrigin[];
};

/** A column-level graph. */
export type MarquezColumnGraph = {
  /** Its columns, by id. */
  graph: MarquezColumnNode[];
  truncated?: MarquezTruncated | null;
};

/** A column that another was made from. */
export type MarquezColumnInput = {
  /** Its dataset's namespace. */
  namespace: string;
  /** Its dataset. */
  dataset: string;
  /** Its name. */
  field: string;
  /** Deprecated by the standard. */
  transformationDescription?: string | null;
  /** Deprecated by the standard. */
  transformationType?: string | null;
  /** What was done to the value; not known to Marquez. */
  transformations: MarquezTransformation[];
};

/** Which columns a column was made from. */
export type MarquezColumnLineage = {
  /** The column. */
  name: string;
  /** What it was made from. */
  inputFields: MarquezColumnInput[];
  /** Deprecated by the standard. */
  transformationDescription?: string | null;
  /** Deprecated by the standard. */
  transformationType?: string | null;
};

/** A column. */
export type MarquezColumnNode = {
  /** Its id. */
  id: string;
  /** `DATASET_FIELD`. */
  type: string;
  /** The column. */
  data: MarquezColumnData;
  /** Edges to what it was made from; their origin is this column. */
  inEdges: MarquezEdge[];
  /** Edges to what was made from it. */
  outEdges: MarquezEdge[];
};

/** A column that another was made from. */
export type MarquezColumnOrigin = {
  /** Its dataset's namespace. */
  namespace: string;
  /** Its dataset. */
  dataset: string;
  /** The newest version of its dataset. */
  datasetVersion: string;
  /** Its name. */
  field: string;
  /** Deprecated by the standard. */
  transformationDescription?: string | null;
  /** Deprecated by the standard. */
  transformationType?: string | null;
  /** What was done to the value; not known to Marquez. */
  transformations: MarquezTransformation[];
};

/** How many of something there were at the end of an interval. */
export type MarquezCount = {
  /** Where the interval starts. */
  startInterval: string;
  /** Where it ends. */
  endInterval: string;
  /** How many there were. */
  count: number;
};

/** A dataset. */
export type MarquezDataset = MarquezDatasetCore & {
  /** The newest of its versions. */
  currentVersion: string;
  /** Where its columns come from, as its latest `columnLineage` facet says; null if none. */
  columnLineage?: MarquezColumnLineage[] | null;
  /** Its facets, and the input facets of its latest reader. */
  facets: Record<string, unknown>;
  /** Whether its store dropped it. */
  deleted: boolean;
};

/** What a dataset and its node in the lineage graph have in common. */
export type MarquezDatasetCore = {
  /** Its namespace and name. */
  id: MarquezEntityId;
  /** `DB_TABLE` or `STREAM`. */
  type: string;
  /** Its name. */
  name: string;
  /** Its name in its store. */
  physicalName: string;
  /** When anything first spoke of it. */
  createdAt: string;
  /** When anything last spoke of it. */
  updatedAt: string;
  /** Its namespace. */
  namespace: string;
  /** The source it lives in. */
  sourceName: string;
  /** Its columns. */
  fields: MarquezField[];
  /** Its tags. */
  tags: string[];
  /** When it was last written. */
  lastModifiedAt?: string | null;
  /** What it holds. */
  description?: string | null;
  /** The last thing that happened to it as a whole; empty if nothing did. */
  lastLifecycleState: string;
  /** Where a stream's schema is; only of streams. */
  schemaLocation?: string | null;
};

/** What a dataset is to be. */
export type MarquezDatasetMeta = {
  /** What kind of thing it is. */
  type: MarquezDatasetType;
  /** Its name in its store. */
  physicalName: string;
  /** The source it lives in. */
  sourceName: string;
  /** Where a stream's schema is. */
  schemaLocation?: string | null;
  /** Its columns. */
  fields?: MarquezField[] | null;
  tags?: Tags | null;
  /** What it holds. */
  description?: string | null;
  /** The run that wrote it. */
  runId?: string | null;
};

/** What kind of thing a dataset is. */
export type MarquezDatasetType = "DB_TABLE" | "STREAM";

/** A version of a dataset. */
export type MarquezDatasetVersion = {
  /** Which version of which dataset. */
  id: MarquezVersionId;
  /** `DB_TABLE` or `STREAM`. */
  type: string;
  /** The dataset's name. */
  name: string;
  /** Its name in its store. */
  physicalName: string;
  /** When the version was made. */
  createdAt: string;
  /** Which version. */
  version: string;
  /** The dataset's namespace. */
  namespace: string;
  /** The source it lives in. */
  sourceName: string;
  /** Its columns then. */
  fields: MarquezField[];
  /** Its tags. */
  tags: string[];
  /** What happened last to the dataset as a whole. */
  lifecycleState: string;
  /** What it holds. */
  description?: string | null;
  /** Which of its schemas it had. */
  currentSchemaVersion?: string | null;
  createdByRun?: MarquezRun | null;
  /** Of the newest version all facets, of others those that are kept by run. */
  facets: Record<string, unknown>;
  /** Where a stream's schema is; only of streams. */
  schemaLocation?: string | null;
};

/** Versions of a dataset. */
export type MarquezDatasetVersions = {
  /** The versions, the newest first. */
  versions: MarquezDatasetVersion[];
  /** How many there are in all. */
  totalCount: number;
};

/** Datasets. */
export type MarquezDatasets = {
  /** The datasets, by name. */
  datasets: MarquezDataset[];
  /** How many there are in all. */
  totalCount: number;
};

/** An edge, by node ids. */
export type MarquezEdge = {
  /** Where it starts. */
  origin: string;
  /** Where it ends. */
  destination: string;
};

/** Namespace and name of a dataset or job. */
export type MarquezEntityId = {
  /** The namespace. */
  namespace: string;
  /** The name. */
  name: string;
};

/** How many events of each state fell into an interval. */
export type MarquezEventCount = {
  /** Where the interval starts. */
  startInterval: string;
  /** Where it ends. */
  endInterval: string;
  /** FAIL events. */
  fail: number;
  /** START events. */
  start: number;
  /** COMPLETE events. */
  complete: number;
  /** ABORT events. */
  abort: number;
};

/** Events. */
export type MarquezEvents = {
  /** The events, by time. */
  events: Record<string, unknown>[];
  /** How many there are in all. */
  totalCount: number;
  truncated?: MarquezEventsTruncated | null;
};

/** What a page of events leaves out; Marquez has no word for it. */
export type MarquezEventsTruncated = {
  /** Events of the page that are left out at its end. */
  leftOut: number;
};

/** One column. */
export type MarquezField = {
  /** Its name; nested ones with the names above, joined by dots. */
  name: string;
  /** Its type, in its store's words. */
  type?: string | null;
  /** Its tags. */
  tags?: string[];
  /** What it holds. */
  description?: string | null;
};

/** A job. */
export type MarquezJob = {
  /** Its namespace and name. */
  id: MarquezEntityId;
  /** BATCH, STREAM or SERVICE. */
  type: string;
  /** Its name, its parent's included. */
  name: string;
  /** Its name without its parent's. */
  simpleName: string;
  /** The name of the job that starts it. */
  parentJobName?: string | null;
  /** The id of the job that starts it. */
  parentJobUuid?: string | null;
  /** When anything first spoke of it. */
  createdAt: string;
  /** When anything last spoke of it. */
  updatedAt: string;
  /** Its namespace. */
  namespace: string;
  /** Datasets it reads. */
  inputs: MarquezEntityId[];
  /** Datasets it writes. */
  outputs: MarquezEntityId[];
  /** Where its code is. */
  location?: string | null;
  /** What it does. */
  description?: string | null;
  latestRun?: MarquezRun | null;
  /** Its latest ten runs, the latest first; null if it never ran. */
  latestRuns?: MarquezRun[] | null;
  /** Its facets. */
  facets: Record<string, unknown>;
  /** The newest of its versions. */
  currentVersion?: string | null;
  /** What kind of job it is, and what runs it. */
  labels: string[];
  /** Its tags. */
  tags: string[];
};

/** A job in a lineage graph. */
export type MarquezJobData = {
  /** Its namespace and name. */
  id: MarquezEntityId;
  /** BATCH, STREAM or SERVICE. */
  type: string;
  /** Its name, its parent's included. */
  name: string;
  /** Its name without its parent's. */
  simpleName: string;
  /** The name of the job that starts it. */
  parentJobName?: string | null;
  /** The id of the job that starts it. */
  parentJobUuid?: string | null;
  /** The id of the run that spoke last. */
  currentRunUuid?: string | null;
  /** When anything first spoke of it. */
  createdAt: string;
  /** When anything last spoke of it. */
  updatedAt: string;
  /** Its namespace. */
  namespace: string;
  /** Datasets it reads. */
  inputs: MarquezEntityId[];
  /** Datasets it writes. */
  outputs: MarquezEntityId[];
  /** Where its code is. */
  location?: string | null;
  /** What it does. */
  description?: string | null;
  latestRun?: MarquezRun | null;
};

/** What a job is to be. */
export type MarquezJobMeta = {
  /** What kind of process it is. */
  type: MarquezJobType;
  /** Datasets it reads. */
  inputs?: MarquezEntityId[] | null;
  /** Datasets it writes. */
  outputs?: MarquezEntityId[] | null;
  /** Where its code is. */
  location?: string | null;
  /** What it does. */
  description?: string | null;
  /** A run of it that read and wrote these. */
  runId?: string | null;
};

/** What kind of process a job is. */
export type MarquezJobType = "BATCH" | "STREAM" | "SERVICE";

/** A version of a job: one set of inputs, outputs and code. */
export type MarquezJobVersion = {
  /** Which version of which job. */
  id: MarquezVersionId;
  /** The job's name. */
  name: string;
  /** When it was first seen. */
  createdAt: string;
  /** Which version. */
  version: string;
  /** The job's namespace. */
  namespace: string;
  /** Where its code is. */
  location?: string | null;
  /** Datasets it reads. */
  inputs: MarquezEntityId[];
  /** Datasets it writes. */
  outputs: MarquezEntityId[];
  latestRun?: MarquezRun | null;
};

/** Versions of a job. */
export type MarquezJobVersions = {
  /** The versions, the newest first. */
  versions: MarquezJobVersion[];
};

/** Jobs. */
export type MarquezJobs = {
  /** The jobs, the last updated first. */
  jobs: MarquezJob[];
  /** How many there are in all. */
  totalCount: number;
};

/** A lineage graph. */
export type MarquezLineage = {
  /** Its nodes, by id. */
  graph: MarquezNode[];
  truncated?: MarquezTruncated | null;
};

/** A namespace. */
export type MarquezNamespace = {
  /** Its name. */
  name: string;
  /** When anything first spoke of it. */
  createdAt: string;
  /** When it was last described. */
  updatedAt: string;
  /** Who owns it. */
  ownerName: string;
  /** What it is. */
  description?: string | null;
  /** Whether it was deleted. */
  isHidden: boolean;
};

/** What a namespace is to be. */
export type MarquezNamespaceMeta = {
  /** Who owns it. */
  ownerName: string;
  /** What it is. */
  description?: string | null;
};

/** Namespaces. */
export type MarquezNamespaces = {
  /** The namespaces, by name. */
  namespaces: MarquezNamespace[];
};

/** A node of a lineage graph. */
export type MarquezNode = {
  /** Its id. */
  id: string;
  /** DATASET or JOB. */
  type: string;
  /** The dataset or job. */
  data: MarquezNodeData;
  /** Edges that end here. */
  inEdges: MarquezEdge[];
  /** Edges that start here. */
  outEdges: MarquezEdge[];
};

/** What a node stands for. */
export type MarquezNodeData = MarquezDatasetCore | MarquezJobData;

/** A run. */
export type MarquezRun = {
  /** Its id. */
  id: string;
  /** When anything first spoke of it. */
  createdAt: string;
  /** When anything last spoke of it. */
  updatedAt: string;
  /** The start of the interval it stands for. */
  nominalStartTime?: string | null;
  /** The end of the interval it stands for. */
  nominalEndTime?: string | null;
  /** NEW, RUNNING, COMPLETED, ABORTED or FAILED. */
  state: string;
  /** When it started. */
  startedAt?: string | null;
  /** When it ended. */
  endedAt?: string | null;
  /** How long it took, in milliseconds. */
  durationMs?: number | null;
  /** What it was started with; its nominal times and its parent. */
  args: Record<string, string>;
  /** What it read. */
  inputDatasetVersions: MarquezRunDatasetVersion[];
  /** What it wrote. */
  outputDatasetVersions: MarquezRunDatasetVersion[];
  /** Its facets. */
  facets: Record<string, unknown>;
  jobVersion?: MarquezVersionId | null;
};

/** A version of a dataset that a run read or wrote. */
export type MarquezRunDatasetVersion = {
  /** Which version. */
  datasetVersionId: MarquezVersionId;
  /** The input or output facets: statistics, assertions. */
  facets: Record<string, unknown>;
};

/** The facets of a run or of its job. */
export type MarquezRunFacets = {
  /** The run. */
  runId: string;
  /** The facets. */
  facets: Record<string, unknown>;
};

/** The runs upstream of a run. */
export type MarquezRunLineage = {
  /** The runs, the nearest first. */
  runs: MarquezUpstreamRun[];
  truncated?: MarquezTruncated | null;
};

/** What a run is to be. */
export type MarquezRunMeta = {
  /** Its id; one is made if none is given. */
  id?: string | null;
  /** The start of the interval it stands for. */
  nominalStartTime?: string | null;
  /** The end of the interval it stands for. */
  nominalEndTime?: string | null;
  /** What it is started with. */
  args?: Record<string, string> | null;
};

/** A run in short. */
export type MarquezRunSummary = {
  /** Its id. */
  id: string;
  /** When it started. */
  start?: string | null;
  /** When it ended. */
  end?: string | null;
  /** Its state. */
  status: string;
};

/** Runs of a job. */
export type MarquezRuns = {
  /** The runs, the last started first. */
  runs: MarquezRun[];
  /** How many there are in all. */
  totalCount: number;
};

/** A dataset or job that was found. */
export type MarquezSearchResult = {
  /** DATASET or JOB. */
  type: string;
  /** Its name. */
  name: string;
  /** When anything last spoke of it. */
  updatedAt: string;
  /** Its namespace. */
  namespace: string;
  /** Its node id. */
  nodeId: string;
};

/** What was found. */
export type MarquezSearchResults = {
  /** How many were found in all. */
  totalCount: number;
  /** The first of them. */
  results: MarquezSearchResult[];
};

/** A source. */
export type MarquezSource = {
  /** What kind of system it is. */
  type: string;
  /** Its name. */
  name: string;
  /** When anything first spoke of it. */
  createdAt: string;
  /** When it was last described. */
  updatedAt: string;
  /** How to reach it. */
  connectionUrl: string;
  /** What it is. */
  description?: string | null;
};

/** What a source is to be. */
export type MarquezSourceMeta = {
  /** What kind of system it is. */
  type: string;
  /** How to reach it. */
  connectionUrl: string;
  /** What it is. */
  description?: string | null;
};

/** Sources. */
export type MarquezSources = {
  /** The sources, by name. */
  sources: MarquezSource[];
};

/** A tag. */
export type MarquezTag = {
  /** Its name. */
  name: string;
  /** What it means. */
  description?: string | null;
};

/** What a tag is to be. */
export type MarquezTagMeta = {
  /** What it means. */
  description?: string | null;
};

/** Tags. */
export type MarquezTags = {
  /** The tags, by name. */
  tags: MarquezTag[];
};

/** What was done to a value on its way; more than Marquez tells. */
export type MarquezTransformation = {
  /** DIRECT or INDIRECT. */
  type: string;
  /** IDENTITY, AGGREGATION, FILTER and so on. */
  subtype?: string | null;
  /** In words. */
  description?: string | null;
  /** Whether the value can no longer be told from the result. */
  masking: boolean;
};

/** What an answer leaves out; Marquez has no word for it. */
export type MarquezTruncated = {
  /** Nodes that were found and left out, at least. */
  leftOut: number;
  /** Edges that were found and left out, at least. */
  edgesLeftOut: number;
};

/** What a run read, and the run that had written it. */
export type MarquezUpstreamInput = MarquezVersionId & {
  /** The run that made it; null if none is known. */
  producedByRunId?: string | null;
};

/** A run's job. */
export type MarquezUpstreamJob = {
  /** Its namespace. */
  namespace: string;
  /** Its name. */
  name: string;
  /** The version that the run made of it; null while it is not done. */
  version?: string | null;
};

/** A run and what it read. */
export type MarquezUpstreamRun = {
  /** Its job. */
  job: MarquezUpstreamJob;
  /** The run. */
  run: MarquezRunSummary;
  /** What it read. */
  inputs: MarquezUpstreamInput[];
};

/** A version of a dataset or job. */
export type MarquezVersionId = {
  /** The namespace. */
  namespace: string;
  /** The name. */
  name: string;
  /** The version. */
  version: string;
};

/** Every operation by method and path. */
export interface Operations {
  /** Lists accesses, the latest first. */
  "GET /api/v1/access-events": {
    path: undefined;
    query: {
      /** To this dataset, under any of its names: `dataset:{namespace}:{name}`. */
      dataset?: string;
      /** By whom, by reference. */
      actor?: string;
      /** `read`, `write`, `delete`, `export` or `admin`. */
      operation?: string;
      /** At this time or later. */
      from?: string;
      /** Before this time. */
      until?: string;
      /** Whether names are unsealed, which is recorded; it takes the header `x-purpose`. */
      names?: boolean;
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_AccessEntry;
  };

  /** Takes access records of the stores: who read what, when. */
  "POST /api/v1/access-events": {
    path: undefined;
    query: undefined;
    body: AccessEvents;
    answer: AccessResult;
  };

  /** Tells what state the audit log is in. */
  "GET /api/v1/audit": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: AuditState;
  };

  /** Gives the latest signed head of the log (C2SP tlog-checkpoint). */
  "GET /api/v1/audit/checkpoint": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: string;
  };

  /** Proves that the log of one size is the beginning of that of another. */
  "GET /api/v1/audit/consistency": {
    path: undefined;
    query: {
      /** The smaller one. */
      from: number;
      /** The larger one. */
      to: number;
    };
    body: undefined;
    answer: Growth;
  };

  /** Exports the log as JSON Lines that are checked offline (`lethe audit verify`). */
  "GET /api/v1/audit/export": {
    path: undefined;
    query: {
      /** By this principal. */
      actor?: string;
      /** Of this action. */
      action?: string;
      /** About this dataset, job, token, …, by its id. */
      resource?: string;
      /** About this dataset or job: `dataset:{namespace}:{name}`. */
      dataset?: string;
      /** Concerning this person, by reference. */
      subject?: string;
      /** That ended so: `done`, `allowed`, `denied` or `failed`. */
      outcome?: "done" | "allowed" | "denied" | "failed";
      /** For this purpose. */
      purpose?: string;
      /** Made at this time or later. */
      from?: string;
      /** Made before this time; `to` is the same. */
      until?: string;
      /** The first record's index; 0 if absent. */
      fromIndex?: number;
      /** `bundle` (if absent) or `ocsf`. */
      format?: "bundle" | "ocsf";
    };
    body: undefined;
    answer: string;
  };

  /** Counts records by hour or day, at most 750 buckets. */
  "GET /api/v1/audit/histogram": {
    path: undefined;
    query: {
      /** By this principal. */
      actor?: string;
      /** Of this action. */
      action?: string;
      /** About this dataset, job, token, …, by its id. */
      resource?: string;
      /** About this dataset or job: `dataset:{namespace}:{name}`. */
      dataset?: string;
      /** Concerning this person, by reference. */
      subject?: string;
      /** That ended so: `done`, `allowed`, `denied` or `failed`. */
      outcome?: "done" | "allowed" | "denied" | "failed";
      /** For this purpose. */
      purpose?: string;
      /** Made at this time or later. */
      from?: string;
      /** Made before this time; `to` is the same. */
      until?: string;
      /** How wide the buckets are: `hour` (if absent) or `day`. */
      by?: "hour" | "day";
      /** What they are split by: `outcome` (if absent) or `action`. */
      split?: "outcome" | "action";
    };
    body: undefined;
    answer: Histogram;
  };

  /** Answers who read a dataset, or anything that was derived from it, between two times. */
  "GET /api/v1/audit/readers": {
    path: undefined;
    query: {
      /** The dataset: `dataset:{namespace}:{name}`, under any of its names. */
      of: string;
      /** From this time on. */
      from: string;
      /** Before this time; `until` is the same. */
      to: string;
      /** Whether readers of what was derived from it count too. */
      downstream?: boolean;
      /** Whether names are unsealed, which is recorded; it takes the header `x-purpose`. */
      names?: boolean;
      /** Readers wanted, 1 to 200; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: ReaderPage;
  };

  /** Lists records of the audit log, the latest first. */
  "GET /api/v1/audit/records": {
    path: undefined;
    query: {
      /** By this principal. */
      actor?: string;
      /** Of this action. */
      action?: string;
      /** About this dataset, job, token, …, by its id. */
      resource?: string;
      /** About this dataset or job: `dataset:{namespace}:{name}`. */
      dataset?: string;
      /** Concerning this person, by reference. */
      subject?: string;
      /** That ended so: `done`, `allowed`, `denied` or `failed`. */
      outcome?: "done" | "allowed" | "denied" | "failed";
      /** For this purpose. */
      purpose?: string;
      /** Made at this time or later. */
      from?: string;
      /** Made before this time; `to` is the same. */
      until?: string;
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_AuditEntry;
  };

  /** Gives one record of the audit log. */
  "GET /api/v1/audit/records/{id}": {
    path: {
      /** The record's id */
      id: string;
    };
    query: {
      /**
       * Whether what is sealed beside it is opened, which is recorded; it takes the header
       * `x-purpose` and the act `audit:unseal`.
       */
      unseal?: boolean;
    };
    body: undefined;
    answer: OpenedEntry;
  };

  /** Proves that a record is in the log. */
  "GET /api/v1/audit/records/{id}/receipt": {
    path: {
      /** The record's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: string;
  };

  /** Follows the log live, as server-sent events. */
  "GET /api/v1/audit/tail": {
    path: undefined;
    query: {
      /** By this principal. */
      actor?: string;
      /** Of this action. */
      action?: string;
      /** About this dataset, job, token, …, by its id. */
      resource?: string;
      /** About this dataset or job: `dataset:{namespace}:{name}`. */
      dataset?: string;
      /** Concerning this person, by reference. */
      subject?: string;
      /** That ended so: `done`, `allowed`, `denied` or `failed`. */
      outcome?: "done" | "allowed" | "denied" | "failed";
      /** For this purpose. */
      purpose?: string;
      /** Made at this time or later. */
      from?: string;
      /** Made before this time; `to` is the same. */
      until?: string;
    };
    body: undefined;
    answer: string;
  };

  /** Gives a tile of the tree, or a bundle of entries (C2SP tlog-tiles). */
  "GET /api/v1/audit/tile/{path}": {
    path: {
      /** `<L>/<N>[.p/<W>]` or `entries/<N>[.p/<W>]` */
      path: string;
    };
    query: undefined;
    body: undefined;
    answer: string;
  };

  /** Explains why something was found, or was not, and what its score is made of. */
  "GET /api/v1/catalog/explain": {
    path: undefined;
    query: {
      /** The search text. */
      q: string;
      /** `dataset` or `job`. */
      kind: string;
      /** The hit's id. */
      id: string;
    };
    body: undefined;
    answer: Record<string, unknown>;
  };

  /** Searches datasets and jobs by name, column, description, tag, owner and SQL. */
  "GET /api/v1/catalog/search": {
    path: undefined;
    query: {
      /**
       * The search text: words, `"phrases"`, `-not`, `tag:`, `ns:`, `owner:`, `column:`,
       * `type:`, `platform:`, `has:`, `updated:>7d`.
       */
      q?: string;
      /** `dataset` or `job`; both if absent. */
      kind?: string;
      /** `relevance`, `name` or `updated`. */
      sort?: string;
      /** Whether facets are counted; true if absent. */
      facets?: boolean;
      /** Whether deleted things are found too. */
      deleted?: boolean;
      /** Entries wanted, 1 to 1000; 20 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: SearchBody;
  };

  /** Completes what is being typed: names, columns, and values of tags, owners, namespaces. */
  "GET /api/v1/catalog/suggest": {
    path: undefined;
    query: {
      /** What was typed so far. */
      q?: string;
      /** Suggestions wanted, 1 to 50; 10 if absent. */
      limit?: number;
    };
    body: undefined;
    answer: SuggestionBody[];
  };

  /** Tells how far the change feed is, as server-sent events: at once, and whenever it moves. */
  "GET /api/v1/changes": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: string;
  };

  /** Get the column lineage of a dataset, a field or a job */
  "GET /api/v1/column-lineage": {
    path: undefined;
    query: {
      /** dataset:{namespace}:{name}, datasetField:{namespace}:{dataset}:{field} or job:{namespace}:{name}, each with #{version} or without */
      nodeId: string;
      /** Steps from column to column; 20 if not said */
      depth?: number;
      /** Whether to go downstream too */
      withDownstream?: boolean;
    };
    body: undefined;
    answer: MarquezColumnGraph;
  };

  /** Lists the datasets of a namespace by name, or gives the one of a name. */
  "GET /api/v1/datasets": {
    path: undefined;
    query: {
      /** The namespace. */
      namespace: string;
      /** Only the dataset of this name (or symlink). */
      name?: string;
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_DatasetBody;
  };

  /** Creates or describes datasets in bulk, without any lineage. */
  "PUT /api/v1/datasets": {
    path: undefined;
    query: undefined;
    body: PutDatasets;
    answer: undefined;
  };

  /** Gives a dataset by its id, or by the id of any of its names. */
  "GET /api/v1/datasets/{id}": {
    path: {
      /** The dataset's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: DatasetBody;
  };

  /** Deletes a dataset, softly or for good. */
  "DELETE /api/v1/datasets/{id}": {
    path: {
      /** The dataset's id */
      id: string;
    };
    query: {
      /**
       * For good: with every event that names it. Otherwise it is only hidden, and comes back
       * with the next event that names it.
       */
      hard?: boolean;
    };
    body: undefined;
    answer: undefined;
  };

  /** Says what a column holds. It stands, whatever pipelines say afterwards. */
  "PUT /api/v1/datasets/{id}/columns/{column}/description": {
    path: {
      /** The dataset's id */
      id: string;
      /** The column; nested ones joined by dots */
      column: string;
    };
    query: undefined;
    body: Described;
    answer: undefined;
  };

  /** Puts a tag on a column: `class:NAME` classifies it. */
  "PUT /api/v1/datasets/{id}/columns/{column}/tags/{tag}": {
    path: {
      /** The dataset's id */
      id: string;
      /** The column; nested ones joined by dots */
      column: string;
      /** The tag; `class:NAME` names a class of personal data */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Takes a tag off a column. One that is not there may be taken off as well. */
  "DELETE /api/v1/datasets/{id}/columns/{column}/tags/{tag}": {
    path: {
      /** The dataset's id */
      id: string;
      /** The column; nested ones joined by dots */
      column: string;
      /** The tag */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Lists the schemas a dataset had, the newest first, each with what changed (drift). */
  "GET /api/v1/datasets/{id}/schemas": {
    path: {
      /** The dataset's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: List_SchemaEntry;
  };

  /** Puts a tag on a dataset. One that is there already stays. */
  "PUT /api/v1/datasets/{id}/tags/{tag}": {
    path: {
      /** The dataset's id */
      id: string;
      /** The tag; `class:NAME` names a class of personal data */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Takes a tag off a dataset. One that is not there may be taken off as well. */
  "DELETE /api/v1/datasets/{id}/tags/{tag}": {
    path: {
      /** The dataset's id */
      id: string;
      /** The tag */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Brings a softly deleted dataset back. */
  "POST /api/v1/datasets/{id}/undelete": {
    path: {
      /** The dataset's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Lists refused events, the latest first: those of namespaces that the asker may read them of. */
  "GET /api/v1/dead-letters": {
    path: undefined;
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_DeadLetterEntry;
  };

  /** Gives one refused event with its payload. */
  "GET /api/v1/dead-letters/{id}": {
    path: {
      /** The dead letter's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: DeadLetterFull;
  };

  /** Removes a refused event. */
  "DELETE /api/v1/dead-letters/{id}": {
    path: {
      /** The dead letter's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Sends a refused event through again: as it came, or with a corrected event as the body. */
  "POST /api/v1/dead-letters/{id}/replay": {
    path: {
      /** The dead letter's id */
      id: string;
    };
    query: undefined;
    body: unknown;
    answer: undefined;
  };

  /** Lists events. */
  "GET /api/v1/events": {
    path: undefined;
    query: {
      /** Not before this time (of the event itself). */
      from?: string;
      /** Before this time. */
      to?: string;
      /** Only RunEvents. */
      runsOnly?: boolean;
      /** `asc` or `desc` (the latest first, the default). */
      order?: string;
      /** Only events about the job of this id, the last received first. */
      job?: string;
      /** Only DatasetEvents about the dataset of this id, the last received first. */
      dataset?: string;
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_EventEntry;
  };

  /** Takes a stream of events, one JSON event a line (NDJSON). */
  "POST /api/v1/events/import": {
    path: undefined;
    query: undefined;
    body: string;
    answer: ImportResult;
  };

  /** List run events */
  "GET /api/v1/events/lineage": {
    path: undefined;
    query: {
      /** Before this time; 2030-01-01T00:00:00+00:00 if not said */
      before?: string;
      /** At or after this time; 1970-01-01T00:00:00+00:00 if not said */
      after?: string;
      /** desc (if not said) or asc */
      sortDirection?: string;
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezEvents;
  };

  /** Gives one event. */
  "GET /api/v1/events/{id}": {
    path: {
      /** The event's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: EventEntry;
  };

  /** Tells how far each follower of the change feed is. */
  "GET /api/v1/followers": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Ready;
  };

  /** Lists groups by name. */
  "GET /api/v1/groups": {
    path: undefined;
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_GroupEntry;
  };

  /** Tells of a group. */
  "GET /api/v1/groups/{name}": {
    path: {
      /** The group's name or id */
      name: string;
    };
    query: undefined;
    body: undefined;
    answer: GroupEntry;
  };

  /** Makes a group, or changes one. */
  "PUT /api/v1/groups/{name}": {
    path: {
      /** The group's name or id */
      name: string;
    };
    query: undefined;
    body: GroupPut;
    answer: GroupEntry;
  };

  /** Disables a group: its members hold its roles no more. */
  "DELETE /api/v1/groups/{name}": {
    path: {
      /** The group's name or id */
      name: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Lists the members of a group by name. */
  "GET /api/v1/groups/{name}/members": {
    path: {
      /** The group's name or id */
      name: string;
    };
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_MemberEntry;
  };

  /** Puts a person into a group. */
  "PUT /api/v1/groups/{name}/members/{user}": {
    path: {
      /** The group's name or id */
      name: string;
      /** The person's name or id */
      user: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Takes a person out of a group. */
  "DELETE /api/v1/groups/{name}/members/{user}": {
    path: {
      /** The group's name or id */
      name: string;
      /** The person's name or id */
      user: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** List all jobs */
  "GET /api/v1/jobs": {
    path: undefined;
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
      /** Only jobs whose last run is in one of these states */
      lastRunStates?: string[];
    };
    body: undefined;
    answer: MarquezJobs;
  };

  /** Get a run */
  "GET /api/v1/jobs/runs/{id}": {
    path: {
      /** The run's id; one that is no UUID is found too */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezRun;
  };

  /** Mark a run as aborted */
  "POST /api/v1/jobs/runs/{id}/abort": {
    path: {
      /** The run's id */
      id: string;
    };
    query: {
      /** When; now if not said */
      at?: string;
    };
    body: undefined;
    answer: MarquezRun;
  };

  /** Mark a run as completed */
  "POST /api/v1/jobs/runs/{id}/complete": {
    path: {
      /** The run's id */
      id: string;
    };
    query: {
      /** When; now if not said */
      at?: string;
    };
    body: undefined;
    answer: MarquezRun;
  };

  /** Get the facets of a run or of its job */
  "GET /api/v1/jobs/runs/{id}/facets": {
    path: {
      /** The run's id */
      id: string;
    };
    query: {
      /** run or job */
      type: string;
    };
    body: undefined;
    answer: MarquezRunFacets;
  };

  /** Mark a run as failed */
  "POST /api/v1/jobs/runs/{id}/fail": {
    path: {
      /** The run's id */
      id: string;
    };
    query: {
      /** When; now if not said */
      at?: string;
    };
    body: undefined;
    answer: MarquezRun;
  };

  /** Mark a run as started */
  "POST /api/v1/jobs/runs/{id}/start": {
    path: {
      /** The run's id */
      id: string;
    };
    query: {
      /** When; now if not said */
      at?: string;
    };
    body: undefined;
    answer: MarquezRun;
  };

  /** Gives a job by its id. */
  "GET /api/v1/jobs/{id}": {
    path: {
      /** The job's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: JobBody;
  };

  /** Deletes a job, softly or for good. */
  "DELETE /api/v1/jobs/{id}": {
    path: {
      /** The job's id */
      id: string;
    };
    query: {
      /**
       * For good: with every event that names it. Otherwise it is only hidden, and comes back
       * with the next event that names it.
       */
      hard?: boolean;
    };
    body: undefined;
    answer: undefined;
  };

  /** Lists a job's runs, the latest first. */
  "GET /api/v1/jobs/{id}/runs": {
    path: {
      /** The job's id */
      id: string;
    };
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_RunBody;
  };

  /** Brings a softly deleted job back. */
  "POST /api/v1/jobs/{id}/undelete": {
    path: {
      /** The job's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Lists keys by id, without their bytes. */
  "GET /api/v1/keys": {
    path: undefined;
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_KeyEntry;
  };

  /** Gives new keys to the buckets in which something was shredded since their last one. */
  "POST /api/v1/keys/rekey": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: KeysRekeyed;
  };

  /** Rotates the root key, where its provider can, and wraps every bucket's key anew. */
  "POST /api/v1/keys/rotate": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: KeysRotated;
  };

  /** Destroys a subject's key: what it sealed is gone for good, every proof still holds. */
  "POST /api/v1/keys/shred": {
    path: undefined;
    query: undefined;
    body: ShredPut;
    answer: KeyEntry;
  };

  /** Get the lineage graph around a dataset or job */
  "GET /api/v1/lineage": {
    path: undefined;
    query: {
      /** dataset:{namespace}:{name} or job:{namespace}:{name} */
      nodeId: string;
      /** Steps from job to job; 20 if not said */
      depth?: number;
    };
    body: undefined;
    answer: MarquezLineage;
  };

  /** Takes one OpenLineage event. */
  "POST /api/v1/lineage": {
    path: undefined;
    query: undefined;
    body: OpenLineageEvent;
    answer: undefined;
  };

  /** Takes a batch of OpenLineage events. */
  "POST /api/v1/lineage/batch": {
    path: undefined;
    query: undefined;
    body: unknown[];
    answer: BatchResult;
  };

  /** Compares the lineage around nodes at two times: what was added, removed, kept. */
  "GET /api/v1/lineage/diff": {
    path: undefined;
    query: {
      /**
       * The node to start from: `dataset:{namespace}:{name}`, `job:…` or
       * `datasetField:{namespace}:{dataset}:{field}`, or `dataset:{uuid}`. Several are
       * separated by line feeds.
       */
      focus: string;
      /** `table` or `column`. */
      level?: string;
      /** `up`, `down` or `both`. */
      direction?: string;
      /** Hops at most, each way (a job between two datasets is no hop of its own). */
      depth?: number;
      /** Hops upstream, if not `depth`. */
      up?: number;
      /** Hops downstream, if not `depth`. */
      down?: number;
      /** Nodes at most. */
      limit?: number;
      /** The graph as it was at this time. */
      asOf?: string;
      /** Only what jobs still do; otherwise everything they ever did. */
      current?: boolean;
      /** Whether jobs are nodes of their own. */
      jobs?: boolean;
      /** Whether coordinates are computed. */
      layout?: boolean;
      /** The earlier time. */
      before: string;
      /** The later time; now if absent. */
      after?: string;
    };
    body: undefined;
    answer: GraphBody;
  };

  /** Exports the lineage around nodes as a drawing (SVG), a list of edges (CSV) or JSON. */
  "GET /api/v1/lineage/export": {
    path: undefined;
    query: {
      /**
       * The node to start from: `dataset:{namespace}:{name}`, `job:…` or
       * `datasetField:{namespace}:{dataset}:{field}`, or `dataset:{uuid}`. Several are
       * separated by line feeds.
       */
      focus: string;
      /** `table` or `column`. */
      level?: string;
      /** `up`, `down` or `both`. */
      direction?: string;
      /** Hops at most, each way (a job between two datasets is no hop of its own). */
      depth?: number;
      /** Hops upstream, if not `depth`. */
      up?: number;
      /** Hops downstream, if not `depth`. */
      down?: number;
      /** Nodes at most. */
      limit?: number;
      /** The graph as it was at this time. */
      asOf?: string;
      /** Only what jobs still do; otherwise everything they ever did. */
      current?: boolean;
      /** Whether jobs are nodes of their own. */
      jobs?: boolean;
      /** Whether coordinates are computed. */
      layout?: boolean;
      /** `svg`, `csv` or `json`. */
      format?: string;
      /** `light`, `dark` or `auto`, for SVG. */
      theme?: string;
    };
    body: undefined;
    answer: GraphBody;
  };

  /** Gives the lineage around nodes, upstream, downstream or both, at table or column level. */
  "GET /api/v1/lineage/graph": {
    path: undefined;
    query: {
      /**
       * The node to start from: `dataset:{namespace}:{name}`, `job:…` or
       * `datasetField:{namespace}:{dataset}:{field}`, or `dataset:{uuid}`. Several are
       * separated by line feeds.
       */
      focus: string;
      /** `table` or `column`. */
      level?: string;
      /** `up`, `down` or `both`. */
      direction?: string;
      /** Hops at most, each way (a job between two datasets is no hop of its own). */
      depth?: number;
      /** Hops upstream, if not `depth`. */
      up?: number;
      /** Hops downstream, if not `depth`. */
      down?: number;
      /** Nodes at most. */
      limit?: number;
      /** The graph as it was at this time. */
      asOf?: string;
      /** Only what jobs still do; otherwise everything they ever did. */
      current?: boolean;
      /** Whether jobs are nodes of their own. */
      jobs?: boolean;
      /** Whether coordinates are computed. */
      layout?: boolean;
    };
    body: undefined;
    answer: GraphBody;
  };

  /** Lists everything downstream (or upstream) of nodes, nearest first, each with the way to it. */
  "GET /api/v1/lineage/impact": {
    path: undefined;
    query: {
      /**
       * The node to start from: `dataset:{namespace}:{name}`, `job:…` or
       * `datasetField:{namespace}:{dataset}:{field}`, or `dataset:{uuid}`. Several are
       * separated by line feeds.
       */
      focus: string;
      /** `table` or `column`. */
      level?: string;
      /** `up`, `down` or `both`. */
      direction?: string;
      /** Hops at most, each way (a job between two datasets is no hop of its own). */
      depth?: number;
      /** Hops upstream, if not `depth`. */
      up?: number;
      /** Hops downstream, if not `depth`. */
      down?: number;
      /** Nodes at most. */
      limit?: number;
      /** The graph as it was at this time. */
      asOf?: string;
      /** Only what jobs still do; otherwise everything they ever did. */
      current?: boolean;
      /** Whether jobs are nodes of their own. */
      jobs?: boolean;
      /** Whether coordinates are computed. */
      layout?: boolean;
    };
    body: undefined;
    answer: Impact;
  };

  /** Gives the shortest directed paths between two nodes, shortest first. */
  "GET /api/v1/lineage/paths": {
    path: undefined;
    query: {
      /** Where the paths start. */
      from: string;
      /** Where they end. */
      to: string;
      /** Paths at most, 1 to 50. */
      count?: number;
      /** Hops at most. */
      depth?: number;
      /** `table` or `column`. */
      level?: string;
      /** The graph as it was at this time. */
      asOf?: string;
      /** Only what jobs still do. */
      current?: boolean;
    };
    body: undefined;
    answer: Paths;
  };

  /** Tells whoever asks who they are, and what they hold. */
  "GET /api/v1/me": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Me;
  };

  /** List namespaces */
  "GET /api/v1/namespaces": {
    path: undefined;
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezNamespaces;
  };

  /** Get a namespace */
  "GET /api/v1/namespaces/{namespace}": {
    path: {
      /** The namespace's name */
      namespace: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezNamespace;
  };

  /** Create or describe a namespace */
  "PUT /api/v1/namespaces/{namespace}": {
    path: {
      /** The namespace's name */
      namespace: string;
    };
    query: undefined;
    body: MarquezNamespaceMeta;
    answer: MarquezNamespace;
  };

  /** Delete a namespace softly */
  "DELETE /api/v1/namespaces/{namespace}": {
    path: {
      /** The namespace's name */
      namespace: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezNamespace;
  };

  /** List a namespace's datasets */
  "GET /api/v1/namespaces/{namespace}/datasets": {
    path: {
      /** The namespace's name */
      namespace: string;
    };
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezDatasets;
  };

  /** Get a dataset */
  "GET /api/v1/namespaces/{namespace}/datasets/{dataset}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezDataset;
  };

  /** Create or describe a dataset */
  "PUT /api/v1/namespaces/{namespace}/datasets/{dataset}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
    };
    query: undefined;
    body: MarquezDatasetMeta;
    answer: MarquezDataset;
  };

  /** Delete a dataset softly */
  "DELETE /api/v1/namespaces/{namespace}/datasets/{dataset}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezDataset;
  };

  /** Tag a field of a dataset */
  "POST /api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
      /** The field's name; nested ones joined by dots */
      field: string;
      /** The tag's name */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezDataset;
  };

  /** Take a tag off a field of a dataset */
  "DELETE /api/v1/namespaces/{namespace}/datasets/{dataset}/fields/{field}/tags/{tag}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
      /** The field's name; nested ones joined by dots */
      field: string;
      /** The tag's name */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezDataset;
  };

  /** Tag a dataset */
  "POST /api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
      /** The tag's name */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezDataset;
  };

  /** Take a tag off a dataset */
  "DELETE /api/v1/namespaces/{namespace}/datasets/{dataset}/tags/{tag}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
      /** The tag's name */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezDataset;
  };

  /** List a dataset's versions */
  "GET /api/v1/namespaces/{namespace}/datasets/{dataset}/versions": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
    };
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezDatasetVersions;
  };

  /** Get a version of a dataset */
  "GET /api/v1/namespaces/{namespace}/datasets/{dataset}/versions/{version}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The dataset's name, percent-encoded */
      dataset: string;
      /** The version */
      version: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezDatasetVersion;
  };

  /** List a namespace's jobs */
  "GET /api/v1/namespaces/{namespace}/jobs": {
    path: {
      /** The namespace's name */
      namespace: string;
    };
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
      /** Only jobs whose last run is in one of these states */
      lastRunStates?: string[];
    };
    body: undefined;
    answer: MarquezJobs;
  };

  /** Get a job */
  "GET /api/v1/namespaces/{namespace}/jobs/{job}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezJob;
  };

  /** Create or describe a job */
  "PUT /api/v1/namespaces/{namespace}/jobs/{job}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
    };
    query: undefined;
    body: MarquezJobMeta;
    answer: MarquezJob;
  };

  /** Delete a job softly */
  "DELETE /api/v1/namespaces/{namespace}/jobs/{job}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezJob;
  };

  /** List a job's runs */
  "GET /api/v1/namespaces/{namespace}/jobs/{job}/runs": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
    };
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezRuns;
  };

  /** Create a run */
  "POST /api/v1/namespaces/{namespace}/jobs/{job}/runs": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
    };
    query: undefined;
    body: MarquezRunMeta;
    answer: MarquezRun;
  };

  /** Tag a job */
  "POST /api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
      /** The tag's name */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezJob;
  };

  /** Take a tag off a job */
  "DELETE /api/v1/namespaces/{namespace}/jobs/{job}/tags/{tag}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
      /** The tag's name */
      tag: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezJob;
  };

  /** List a job's versions */
  "GET /api/v1/namespaces/{namespace}/jobs/{job}/versions": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
    };
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezJobVersions;
  };

  /** Get a version of a job */
  "GET /api/v1/namespaces/{namespace}/jobs/{job}/versions/{version}": {
    path: {
      /** The namespace's name */
      namespace: string;
      /** The job's name, percent-encoded */
      job: string;
      /** The version */
      version: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezJobVersion;
  };

  /** Lists sets of rules, the latest first. */
  "GET /api/v1/policies": {
    path: undefined;
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_PolicyEntry;
  };

  /** Writes a draft of rules. Nothing is in force until it is activated. */
  "POST /api/v1/policies": {
    path: undefined;
    query: undefined;
    body: DraftMake;
    answer: DraftedBody;
  };

  /** Tells the set of rules in force. */
  "GET /api/v1/policies/active": {
    path: undefined;
    query: {
      /** Another set: the lines that differ are told. */
      against?: number;
    };
    body: undefined;
    answer: PolicyBody;
  };

  /** Decides whether somebody may do something, as the rules in force do, and says why. */
  "POST /api/v1/policies/decide": {
    path: undefined;
    query: undefined;
    body: DecideAsked;
    answer: DecisionBody;
  };

  /** Decides several questions by the same rules. */
  "POST /api/v1/policies/decide/batch": {
    path: undefined;
    query: undefined;
    body: BatchAsked;
    answer: BatchBody;
  };

  /** Tells what other rules would change, for everybody known and all that the catalog has. */
  "POST /api/v1/policies/simulate": {
    path: undefined;
    query: undefined;
    body: SimulateAsked;
    answer: SimulationBody;
  };

  /** Lists who may do something, and by which rules. */
  "POST /api/v1/policies/who-can": {
    path: undefined;
    query: undefined;
    body: WhoCanAsked;
    answer: WhoCanBody;
  };

  /** Tells a set of rules, and how it differs from another. */
  "GET /api/v1/policies/{version}": {
    path: {
      /** The set's number */
      version: number;
    };
    query: {
      /** Another set: the lines that differ are told. */
      against?: number;
    };
    body: undefined;
    answer: PolicyBody;
  };

  /** Drops a draft. Its number is not given again. */
  "DELETE /api/v1/policies/{version}": {
    path: {
      /** The draft's number */
      version: number;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Puts a set of rules into force on every node, or one back that was in force before. */
  "POST /api/v1/policies/{version}/activate": {
    path: {
      /** The set's number */
      version: number;
    };
    query: undefined;
    body: Activate;
    answer: PolicyEntry;
  };

  /** Lists what looks like a mistake in a set of rules. */
  "GET /api/v1/policies/{version}/lint": {
    path: {
      /** The set's number */
      version: number;
    };
    query: undefined;
    body: undefined;
    answer: Findings;
  };

  /** Lists the roles of the rules in force. */
  "GET /api/v1/roles": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: RoleList;
  };

  /** Get the runs upstream of a run */
  "GET /api/v1/runlineage/upstream": {
    path: undefined;
    query: {
      /** The run's id */
      runId: string;
      /** Steps from run to run; 20 if not said */
      depth?: number;
    };
    body: undefined;
    answer: MarquezRunLineage;
  };

  /** Gives a run by its id. */
  "GET /api/v1/runs/{id}": {
    path: {
      /** The run's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: RunDetail;
  };

  /** Lists the runs that a run started, the latest first (at most 1,000). */
  "GET /api/v1/runs/{id}/children": {
    path: {
      /** The run's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: List_RunBody;
  };

  /** Search datasets and jobs */
  "GET /api/v1/search": {
    path: undefined;
    query: {
      /** What to look for */
      q: string;
      /** DATASET or JOB; both if not said */
      filter?: string;
      /** NAME or UPDATE_AT; the best first if not said */
      sort?: string;
      /** Entries wanted; 10 if not said, at most 1000 */
      limit?: number;
      /** Only of this namespace */
      namespace?: string;
      /** Only what changed before this day (YYYY-MM-DD, UTC) */
      before?: string;
      /** Only what changed on this day or later */
      after?: string;
    };
    body: undefined;
    answer: MarquezSearchResults;
  };

  /** Lists service accounts by name. */
  "GET /api/v1/service-accounts": {
    path: undefined;
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_AccountEntry;
  };

  /** Makes a service account, or changes one; one that was disabled stays so unless `enabled` is true. */
  "PUT /api/v1/service-accounts/{name}": {
    path: {
      /** The account's name */
      name: string;
    };
    query: undefined;
    body: AccountPut;
    answer: AccountEntry;
  };

  /** Disables a service account: its tokens work no more. */
  "DELETE /api/v1/service-accounts/{name}": {
    path: {
      /** The account's name */
      name: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Lists who else speaks of datasets, before an account is bound to their namespace. */
  "GET /api/v1/service-accounts/{name}/strangers": {
    path: {
      /** The account's name; it need not exist yet */
      name: string;
    };
    query: {
      /** The namespaces that the account might be bound to: a name, or a beginning that ends in `*`. */
      namespace: string;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_StrangerEntry;
  };

  /** Lists the tokens of a service account, the latest first. */
  "GET /api/v1/service-accounts/{name}/tokens": {
    path: {
      /** The account's name */
      name: string;
    };
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_TokenEntry;
  };

  /** Makes a token of a service account. Its text is told this once. */
  "POST /api/v1/service-accounts/{name}/tokens": {
    path: {
      /** The account's name */
      name: string;
    };
    query: undefined;
    body: TokenMake;
    answer: TokenMade;
  };

  /** Tells who is signed in, and the token that requests which change something must send. */
  "GET /api/v1/session": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: SessionState;
  };

  /** Signs in: opens a session and gives the browser its cookie. */
  "POST /api/v1/session": {
    path: undefined;
    query: undefined;
    body: SignIn;
    answer: OpenSession;
  };

  /** Signs out: the session that the request came by ends. */
  "DELETE /api/v1/session": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** List sources */
  "GET /api/v1/sources": {
    path: undefined;
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezSources;
  };

  /** Get a source */
  "GET /api/v1/sources/{source}": {
    path: {
      /** The source's name */
      source: string;
    };
    query: undefined;
    body: undefined;
    answer: MarquezSource;
  };

  /** Create or describe a source */
  "PUT /api/v1/sources/{source}": {
    path: {
      /** The source's name */
      source: string;
    };
    query: undefined;
    body: MarquezSourceMeta;
    answer: MarquezSource;
  };

  /** Count datasets */
  "GET /api/v1/stats/datasets": {
    path: undefined;
    query: {
      /** DAY (24 hours, hour by hour) or WEEK (7 days, day by day). */
      period: string;
      /** The time zone whose days are counted, such as `Europe/Paris`; WEEK needs it. */
      timezone?: string;
    };
    body: undefined;
    answer: MarquezCount[];
  };

  /** Count jobs */
  "GET /api/v1/stats/jobs": {
    path: undefined;
    query: {
      /** DAY (24 hours, hour by hour) or WEEK (7 days, day by day). */
      period: string;
      /** The time zone whose days are counted, such as `Europe/Paris`; WEEK needs it. */
      timezone?: string;
    };
    body: undefined;
    answer: MarquezCount[];
  };

  /** Count run events by state */
  "GET /api/v1/stats/lineage-events": {
    path: undefined;
    query: {
      /** DAY (24 hours, hour by hour) or WEEK (7 days, day by day). */
      period: string;
      /** The time zone whose days are counted, such as `Europe/Paris`; WEEK needs it. */
      timezone?: string;
    };
    body: undefined;
    answer: MarquezEventCount[];
  };

  /** Count sources */
  "GET /api/v1/stats/sources": {
    path: undefined;
    query: {
      /** DAY (24 hours, hour by hour) or WEEK (7 days, day by day). */
      period: string;
      /** The time zone whose days are counted, such as `Europe/Paris`; WEEK needs it. */
      timezone?: string;
    };
    body: undefined;
    answer: MarquezCount[];
  };

  /** List tags */
  "GET /api/v1/tags": {
    path: undefined;
    query: {
      /** Entries wanted; more than 1000 are answered with 1000. */
      limit?: number;
      /** Entries passed by. */
      offset?: number;
    };
    body: undefined;
    answer: MarquezTags;
  };

  /** Create or describe a tag */
  "PUT /api/v1/tags/{tag}": {
    path: {
      /** The tag's name */
      tag: string;
    };
    query: undefined;
    body: MarquezTagMeta;
    answer: MarquezTag;
  };

  /** Revokes a token: it works no more, on any node, within a second. */
  "DELETE /api/v1/tokens/{id}": {
    path: {
      /** The token's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Puts a new token in the place of one; for a while both work. Its text is told this once. */
  "POST /api/v1/tokens/{id}/rotate": {
    path: {
      /** The token's id */
      id: string;
    };
    query: undefined;
    body: TokenRotate;
    answer: TokenMade;
  };

  /** Lists people by name. */
  "GET /api/v1/users": {
    path: undefined;
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_UserEntry;
  };

  /** Tells of a person. Everybody may ask about themselves. */
  "GET /api/v1/users/{name}": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: undefined;
    body: undefined;
    answer: UserDetails;
  };

  /** Makes a person known, or changes what is known of one. */
  "PUT /api/v1/users/{name}": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: undefined;
    body: UserPut;
    answer: UserEntry;
  };

  /** Disables a person: their sessions and tokens end for good. */
  "DELETE /api/v1/users/{name}": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Sets a person's password. Their other sessions end. */
  "PUT /api/v1/users/{name}/password": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: undefined;
    body: PasswordPut;
    answer: undefined;
  };

  /** Lists the open sessions of a person. Everybody may ask about their own. */
  "GET /api/v1/users/{name}/sessions": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: undefined;
    body: undefined;
    answer: SessionList;
  };

  /** Ends all sessions of a person. */
  "DELETE /api/v1/users/{name}/sessions": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Ends a session of a person. */
  "DELETE /api/v1/users/{name}/sessions/{id}": {
    path: {
      /** The person's name or id */
      name: string;
      /** The session's id */
      id: string;
    };
    query: undefined;
    body: undefined;
    answer: undefined;
  };

  /** Lists the tokens of a person, the latest first. Everybody may ask about their own. */
  "GET /api/v1/users/{name}/tokens": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: {
      /** Entries wanted, 1 to 1000; 100 if absent. */
      limit?: number;
      /** Where to go on: the `next` of the page before. */
      after?: string;
    };
    body: undefined;
    answer: List_TokenEntry;
  };

  /** Makes a token of a person. Its text is told this once. */
  "POST /api/v1/users/{name}/tokens": {
    path: {
      /** The person's name or id */
      name: string;
    };
    query: undefined;
    body: TokenMake;
    answer: TokenMade;
  };

  /** Says that the process is alive. */
  "GET /livez": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: string;
  };

  /** Gives the metrics in Prometheus' text format. */
  "GET /metrics": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: string;
  };

  /** Says whether the node should be sent requests, and which follower is behind. */
  "GET /readyz": {
    path: undefined;
    query: undefined;
    body: undefined;
    answer: Ready;
  };

  /** The page to sign in at; with the code of a one-time link, signs in and goes on to `/`. */
  "GET /sign-in": {
    path: undefined;
    query: {
      /** The code; without one, the page to sign in at is shown. */
      code?: string;
    };
    body: undefined;
    answer: string;
  };
}
