-- What the stores say of who read what in them, and personal values beside the audit log.

-- Somebody that a store named. The name is sealed under a key of its own; once that key is
-- shredded the mark goes too, and nothing leads from the name to the events any more.
CREATE TABLE access_actor (
    id        UUID PRIMARY KEY,    -- random: the reference, and the id of the key
    mark      BYTEA,               -- keyed HMAC of the name
    principal UUID,                -- the user or service account of the same name
    sealed    BYTEA NOT NULL       -- the name, AES-256-GCM; empty once shredded
);
CREATE UNIQUE INDEX access_actor_mark ON access_actor (mark);

CREATE TABLE access_event (
    id          UUID PRIMARY KEY,  -- computed: the same event twice is one
    at          BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    dataset     UUID NOT NULL,     -- under the name that the store used
    actor       UUID NOT NULL,
    operation   SMALLINT NOT NULL, -- 0 read, 1 write, 2 delete, 3 export, 4 admin
    columns     TEXT COLLATE "C" NOT NULL, -- JSON list, sorted; empty if not told
    doc         TEXT NOT NULL      -- names, the store's own id, fingerprint, purpose, rows
);
CREATE INDEX access_event_time ON access_event (at, id);
CREATE INDEX access_event_dataset ON access_event (dataset, at, actor, operation);
CREATE INDEX access_event_actor ON access_event (actor, at);

-- Personal values of audit records: a record holds only the digest of the ciphertext.
CREATE TABLE audit_pii (
    record  UUID NOT NULL,
    slot    TEXT COLLATE "C" NOT NULL,
    subject UUID NOT NULL,
    kid     UUID NOT NULL,
    sealed  BYTEA NOT NULL,
    PRIMARY KEY (record, slot)
);
CREATE INDEX audit_pii_kid ON audit_pii (kid);
