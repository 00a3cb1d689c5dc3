-- A run that shares its id is kept under an id of a form that no run is given: version and variant
-- digit `f`. What was kept under the id without them moves there.
CREATE TEMPORARY TABLE moved AS
    SELECT id AS old, job,
        unhex(substr(hex(id), 1, 12) || 'F' || substr(hex(id), 14, 3) || 'F' || substr(hex(id), 18)) AS new,
        lower('"r":"' || substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21) || '"') AS old_text,
        lower('"r":"' || substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-f' || substr(hex(id), 14, 3) || '-f' || substr(hex(id), 18, 3) || '-' || substr(hex(id), 21) || '"') AS new_text
    FROM run WHERE doc LIKE '%"shared":"%' AND doc ->> '$.shared' IS NOT NULL;
UPDATE job SET doc = replace(job.doc, moved.old_text, moved.new_text)
    FROM moved WHERE job.id = moved.job AND instr(job.doc, moved.old_text) > 0;
UPDATE run_use SET run = moved.new FROM moved WHERE run_use.run = moved.old;
UPDATE run SET id = moved.new FROM moved WHERE run.id = moved.old;
DROP TABLE moved;
