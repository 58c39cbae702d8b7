ALTER TABLE categories DROP COLUMN parent;
