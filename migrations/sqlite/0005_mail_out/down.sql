ALTER TABLE letters DROP COLUMN tried_from;
ALTER TABLE letters DROP COLUMN to_sealed;
