-- Counts removals from the log: whoever folds it aside must see that something was taken out
-- meanwhile, which must not come back.
ALTER TABLE head ADD COLUMN removals BIGINT NOT NULL DEFAULT 0;
