-- When something was said again, in the order of the log: whose a run of some id is follows from
-- who named it first, which must come out alike when the log is folded again.
ALTER TABLE event_again ADD COLUMN said_after BIGINT NOT NULL DEFAULT 0; -- the log's last entry then
ALTER TABLE event_again ADD COLUMN nth BIGINT NOT NULL DEFAULT 0;        -- of those after that entry
-- Of what was said before this was kept, only the entry's own place is known.
UPDATE event_again SET said_after = seq, nth = voice;
CREATE INDEX event_again_order ON event_again (said_after, nth);
