-- Which access class a dataset name or job belongs to; 0 until that is known, and then only
-- those see it who see everything.
ALTER TABLE dataset ADD COLUMN access_class INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN access_class INTEGER NOT NULL DEFAULT 0;
-- Those that an older version wrote, until they are classified at the next start.
CREATE INDEX dataset_unclassified ON dataset (id) WHERE access_class = 0;
CREATE INDEX job_unclassified ON job (id) WHERE access_class = 0;
