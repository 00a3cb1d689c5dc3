-- The event log, the catalog's projections and the change feed.
-- Ids are 16 bytes, times are microseconds since 1970 in UTC, documents are JSON text.

-- One row: where everything stands. Read and written under the writer's lock.
CREATE TABLE head (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    seq      BIGINT NOT NULL,   -- the last event's place in the log
    position BIGINT NOT NULL,   -- the last commit's place in the change feed
    block    BIGINT NOT NULL    -- the last block of the log
);
INSERT INTO head (id, seq, position, block) VALUES (1, 0, 0, 0);

-- The event log: what pipelines (and editors) said, as it came.
CREATE TABLE event_block (
    id   INTEGER PRIMARY KEY,
    body BYTEA NOT NULL          -- zstd of the events, one a line
);
CREATE TABLE event (
    seq         INTEGER PRIMARY KEY,
    id          UUID NOT NULL,
    kind        SMALLINT NOT NULL,  -- 0 run, 1 job, 2 dataset, 3 edit
    state       SMALLINT NOT NULL,  -- eventType: 0 none, 1 START .. 6 OTHER
    event_time  BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    subject     UUID NOT NULL,      -- the job (or dataset) it is about
    run         UUID,
    block       BIGINT NOT NULL,
    slot        INTEGER NOT NULL,   -- its line in the block
    bytes       BIGINT NOT NULL
);
CREATE UNIQUE INDEX event_id ON event (id); -- ids begin with the event's time
CREATE INDEX event_subject ON event (subject, seq);

-- The change feed: one row a commit, naming what changed.
CREATE TABLE change (
    position INTEGER PRIMARY KEY,
    at       BIGINT NOT NULL,
    body     BYTEA NOT NULL
);

-- Facet bodies, once each.
CREATE TABLE facet (
    digest UUID PRIMARY KEY,
    bytes  BIGINT NOT NULL,
    body   BYTEA NOT NULL          -- zstd of the text
);

CREATE TABLE namespace (
    id        UUID PRIMARY KEY,
    sort_name TEXT NOT NULL,
    deleted   BOOLEAN NOT NULL,
    doc       TEXT NOT NULL
);
CREATE INDEX namespace_name ON namespace (sort_name, id);

CREATE TABLE source (
    id         UUID PRIMARY KEY,
    sort_name  TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    doc        TEXT NOT NULL
);
CREATE INDEX source_name ON source (sort_name, id);

CREATE TABLE tag (
    id        UUID PRIMARY KEY,
    sort_name TEXT NOT NULL,
    doc       TEXT NOT NULL
);
CREATE INDEX tag_name ON tag (sort_name, id);

CREATE TABLE dataset (
    id           UUID PRIMARY KEY,
    namespace_id UUID NOT NULL,
    sort_name    TEXT NOT NULL,
    canonical_id UUID NOT NULL,    -- the name it is shown under
    hidden       BOOLEAN NOT NULL, -- deleted, or shown under another name
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    doc          TEXT NOT NULL
);
CREATE INDEX dataset_name ON dataset (namespace_id, sort_name, id);
CREATE INDEX dataset_canonical ON dataset (canonical_id);
CREATE INDEX dataset_created ON dataset (created_at);

CREATE TABLE job (
    id           UUID PRIMARY KEY,
    namespace_id UUID NOT NULL,
    sort_name    TEXT NOT NULL,
    hidden       BOOLEAN NOT NULL,
    state        SMALLINT NOT NULL, -- of the run that spoke last; -1 none
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    doc          TEXT NOT NULL
);
CREATE INDEX job_updated ON job (updated_at, id);
CREATE INDEX job_namespace ON job (namespace_id, updated_at, id);
CREATE INDEX job_created ON job (created_at);

CREATE TABLE run (
    id       UUID PRIMARY KEY,
    job      UUID NOT NULL,
    parent   UUID,
    state    SMALLINT NOT NULL,
    order_at BIGINT NOT NULL,      -- its start, or when it was first spoken of
    first_at BIGINT NOT NULL,
    last_at  BIGINT NOT NULL,
    settles_at BIGINT,             -- its beginning, if it completed and named data
    version  UUID,                 -- the job version it made
    explicit TEXT,                 -- its job's explicit lineage facets, if any
    doc      TEXT NOT NULL
);
CREATE INDEX run_job ON run (job, order_at, id);
CREATE INDEX run_parent ON run (parent, order_at, id) WHERE parent IS NOT NULL;

-- Which runs read (false) and wrote (true) a dataset, in their order.
CREATE TABLE run_use (
    dataset UUID NOT NULL,
    write   BOOLEAN NOT NULL,
    at      BIGINT NOT NULL,
    run     UUID NOT NULL,
    job     UUID NOT NULL,
    schema  UUID,
    columns UUID,
    PRIMARY KEY (dataset, write, at, run)
) WITHOUT ROWID;

-- Events that were refused, for somebody to look at and replay.
CREATE TABLE dead_letter (
    id          UUID PRIMARY KEY,
    received_at BIGINT NOT NULL,
    source      TEXT NOT NULL,      -- batch, import, kafka
    code        TEXT NOT NULL,
    reason      TEXT NOT NULL,      -- JSON: the faults
    bytes       BIGINT NOT NULL,
    payload     BYTEA NOT NULL,     -- zstd of what came
    replayed_at BIGINT
);
CREATE INDEX dead_letter_time ON dead_letter (received_at, id);

-- How far an import of a file has come, so that it can go on.
CREATE TABLE import (
    id         UUID PRIMARY KEY,    -- digest of the file's name and beginning
    position   BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
