-- What a name is known by in texts was folded otherwise than columns are: it is told anew at the next
-- start, with the access class of its dataset.
UPDATE dataset SET access_class = 0;
