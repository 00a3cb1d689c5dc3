-- What is kept back because it names or needs something hidden is looked up by these.
-- tail: what the last part of the name is known by in texts; source: the source it lives in.
ALTER TABLE dataset ADD COLUMN tail UUID;
ALTER TABLE dataset ADD COLUMN source UUID;
CREATE INDEX dataset_tail ON dataset (tail, access_class);
CREATE INDEX dataset_source ON dataset (source, access_class) WHERE source IS NOT NULL;
-- What an older version wrote gets them at the next start, with its access class.
UPDATE dataset SET access_class = 0;
