ALTER TABLE blobs DROP COLUMN gone_at;
ALTER TABLE messages DROP COLUMN erased_at;
ALTER TABLE messages DROP COLUMN left_out;
