-- Every name of a dataset counts for who may see it, and marks were read otherwise before: all
-- access classes are found anew at the next start. Numbers are never given twice.
UPDATE dataset SET access_class = 0;
UPDATE job SET access_class = 0;
CREATE INDEX dataset_access_class ON dataset (access_class);
CREATE INDEX job_access_class ON job (access_class);
