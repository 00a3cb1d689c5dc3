-- A dataset is written when a run that writes it is done, not when it begins or fails. Of runs that
-- were known before, when they last spoke stands for that; `lethe rebuild` makes it exact.
ALTER TABLE run_use ADD COLUMN done_at BIGINT;
UPDATE run_use SET done_at = (SELECT r.last_at FROM run r WHERE r.id = run_use.run AND r.state = 2) WHERE write;
