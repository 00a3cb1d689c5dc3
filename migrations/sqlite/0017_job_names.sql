-- A job is judged by all its names. Those that became another, which only the last was judged by,
-- are judged again at the next start, and with them what they became.
UPDATE job SET access_class = 0 WHERE doc LIKE '%"renamed_to":{%';
