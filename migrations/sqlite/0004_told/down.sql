DROP TABLE reply_records;
ALTER TABLE replies DROP COLUMN way;
