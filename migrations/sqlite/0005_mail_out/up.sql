-- An address that is this letter's alone: staff had it sent elsewhere.
ALTER TABLE letters ADD COLUMN to_sealed BLOB;
-- Since when it is tried, where staff had it sent again.
ALTER TABLE letters ADD COLUMN tried_from BIGINT;
