-- Who may see what, and the log that nobody can quietly change.

-- People, service accounts and groups.
CREATE TABLE principal (
    id        UUID PRIMARY KEY,
    kind      SMALLINT NOT NULL,   -- 0 user, 1 service account, 2 group
    sort_name TEXT COLLATE "C" NOT NULL,
    disabled  BOOLEAN NOT NULL,
    doc       TEXT NOT NULL        -- roles, password's hash, display name
);
CREATE UNIQUE INDEX principal_name ON principal (kind, sort_name);

-- Who is in which group.
CREATE TABLE membership (
    grp    UUID NOT NULL,
    member UUID NOT NULL,
    PRIMARY KEY (grp, member)
);
CREATE INDEX membership_member ON membership (member);

-- What a principal shows instead of a password: only its SHA-256 is kept.
CREATE TABLE token (
    id         UUID PRIMARY KEY,
    hash       BYTEA NOT NULL,
    principal  UUID NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    revoked_at BIGINT,
    doc        TEXT NOT NULL       -- scopes, namespaces, expiry, rotation, revocation
);
CREATE UNIQUE INDEX token_hash ON token (hash);
CREATE INDEX token_principal ON token (principal, created_at, id);

-- Sessions of the UI and one-time sign-in links, by the SHA-256 of their secret.
CREATE TABLE session (
    hash       BYTEA PRIMARY KEY,
    principal  UUID NOT NULL,
    expires_at BIGINT NOT NULL,
    doc        TEXT NOT NULL
);
CREATE INDEX session_principal ON session (principal);
CREATE INDEX session_expiry ON session (expires_at);

-- Sets of rules: drafts, the one in force, and those that were. Numbers are never used again.
CREATE TABLE policy_set (
    version    BIGINT PRIMARY KEY,
    state      SMALLINT NOT NULL,  -- 0 draft, 1 active, 2 retired, 3 dropped
    created_at BIGINT NOT NULL,
    doc        TEXT NOT NULL,      -- author, note, activation
    rules      TEXT NOT NULL,      -- CSV
    cases      TEXT NOT NULL       -- CSV: examples of what the rules must say
);

-- One row: counts changes of principals, tokens, sessions and policies, so that every node
-- sees that it must look again.
CREATE TABLE trust_head (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    version BIGINT NOT NULL
);
INSERT INTO trust_head (id, version) VALUES (1, 0);

-- Sets of attributes that policy can see; datasets with equal attributes share one.
CREATE TABLE access_class (
    id     BIGINT PRIMARY KEY,
    digest UUID NOT NULL,
    doc    TEXT NOT NULL
);
CREATE UNIQUE INDEX access_class_digest ON access_class (digest);

-- The audit log: records, the Merkle tree over them in tiles of 256 hashes, signed heads.
CREATE TABLE audit_head (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL
);
INSERT INTO audit_head (id, size) VALUES (1, 0);
CREATE TABLE audit_record (
    seq      BIGINT PRIMARY KEY,  -- the leaf's index
    id       UUID NOT NULL,
    at       BIGINT NOT NULL,
    actor    UUID,
    action   TEXT NOT NULL,
    resource UUID,
    subject  UUID,                 -- the person it concerns, by reference
    outcome  SMALLINT NOT NULL,    -- 0 done, 1 allowed, 2 denied, 3 failed
    purpose  TEXT,
    body     BYTEA NOT NULL        -- the canonical bytes that were hashed
);
CREATE UNIQUE INDEX audit_record_id ON audit_record (id);
CREATE INDEX audit_record_time ON audit_record (at, seq);
CREATE INDEX audit_record_actor ON audit_record (actor, seq);
CREATE INDEX audit_record_resource ON audit_record (resource, seq);
CREATE INDEX audit_record_action ON audit_record (action, seq);
CREATE INDEX audit_record_subject ON audit_record (subject, seq) WHERE subject IS NOT NULL;
CREATE TABLE audit_tile (
    level SMALLINT NOT NULL,
    n     BIGINT NOT NULL,
    body  BYTEA NOT NULL,          -- up to 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
);
CREATE TABLE audit_checkpoint (
    size BIGINT PRIMARY KEY,
    at   BIGINT NOT NULL,
    note TEXT NOT NULL
);

-- Keys, wrapped by the one above them: root > bucket > subject and purpose.
CREATE TABLE data_key (
    id     UUID PRIMARY KEY,
    kind   SMALLINT NOT NULL,      -- 0 bucket, 1 subject, 2 purpose, 3 signing
    bucket INTEGER NOT NULL,
    doc    TEXT NOT NULL           -- generation, wrapped key, state
);
CREATE INDEX data_key_bucket ON data_key (bucket, kind, id);
