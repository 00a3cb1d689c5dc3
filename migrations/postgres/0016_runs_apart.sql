-- A run that shares its id is kept under an id of a form that no run is given: version and variant
-- digit `f`. What was kept under the id without them moves there.
WITH moved AS (
    SELECT id AS old, CAST(overlay(overlay(CAST(id AS TEXT) PLACING 'f' FROM 15 FOR 1) PLACING 'f' FROM 20 FOR 1) AS UUID) AS new, job
    FROM run WHERE doc LIKE '%"shared":"%' AND doc ~ '^\{("given_id":"([^"\\]|\\.)*",)?"shared":"'
), jobs AS (
    UPDATE job SET doc = replace(job.doc, format('"r":"%s"', moved.old), format('"r":"%s"', moved.new))
    FROM moved WHERE job.id = moved.job AND strpos(job.doc, format('"r":"%s"', moved.old)) > 0
), uses AS (
    UPDATE run_use SET run = moved.new FROM moved WHERE run_use.run = moved.old
)
UPDATE run SET id = moved.new FROM moved WHERE run.id = moved.old;
