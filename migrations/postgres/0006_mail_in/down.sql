DROP INDEX attachments_message;
ALTER TABLE attachments DROP COLUMN message_id;
DROP TABLE message_views;
DROP TABLE message_counts;
DROP TABLE receipts;
DROP TABLE messages;
