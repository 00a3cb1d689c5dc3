-- Who said what: authors, and the namespaces that anybody was bound to when they spoke.

-- The namespaces that anybody was bound to: a JSON list of patterns.
CREATE TABLE claim_set (
    digest UUID PRIMARY KEY,
    doc    TEXT NOT NULL
);
-- An author, and what they were bound to.
CREATE TABLE voice (
    id     BIGINT PRIMARY KEY,
    digest UUID NOT NULL,          -- of everything below
    claims UUID NOT NULL,          -- the claim_set of then
    doc    TEXT NOT NULL           -- reference, person or not, bonds
);
CREATE UNIQUE INDEX voice_digest ON voice (digest);
-- Whose an entry of the log is; 0 of edits, which name their author, and of older entries.
ALTER TABLE event ADD COLUMN voice BIGINT NOT NULL DEFAULT 0;
-- Who else said the very same later: the text is kept once, the statement counts for each.
CREATE TABLE event_again (
    seq         BIGINT NOT NULL,
    voice       BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (seq, voice)
);

-- What rules see of them is found anew at the next start: owners count by who named them.
UPDATE dataset SET access_class = 0;
UPDATE job SET access_class = 0;
