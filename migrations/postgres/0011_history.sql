-- The change feed's history: each commit that changed something renews a digest chained to the one
-- before, so that the same position of another history (a failover, a restore) is told apart.
ALTER TABLE head ADD COLUMN chain BIGINT NOT NULL DEFAULT 0;
ALTER TABLE change ADD COLUMN chain BIGINT NOT NULL DEFAULT 0;
