-- Attempts to sign in, counted once for all nodes: by account and by address, each as a digest.
-- A row goes once its bucket is full again, minutes later.
CREATE TABLE attempt (
    key     UUID PRIMARY KEY,
    full_at BIGINT NOT NULL,  -- microseconds since 1970
    refused BOOLEAN NOT NULL  -- whether one was refused since one was let through
);
CREATE INDEX attempt_full ON attempt (full_at);
