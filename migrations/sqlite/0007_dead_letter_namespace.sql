-- A refused event belongs to the namespace that it says it is of. Those that are kept already say
-- none: they are for whoever is bound to no namespace.
ALTER TABLE dead_letter ADD COLUMN namespace TEXT;
