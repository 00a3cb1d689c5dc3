-- The latest stamps that Lethe gave: whatever is received later gets a later one, whatever the
-- machine's clock says. Microseconds since 1970. Times that pipelines claim do not count.
ALTER TABLE head ADD COLUMN stamp BIGINT NOT NULL DEFAULT 0;      -- of anything received
ALTER TABLE head ADD COLUMN edit_stamp BIGINT NOT NULL DEFAULT 0; -- of people's edits
UPDATE head SET
    stamp = COALESCE((SELECT MAX(CASE WHEN kind = 3 AND event_time > received_at THEN event_time ELSE received_at END) FROM event), 0),
    edit_stamp = COALESCE((SELECT MAX(CASE WHEN event_time > received_at THEN event_time ELSE received_at END) FROM event WHERE kind = 3), 0);
