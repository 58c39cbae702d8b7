DELETE FROM attachments WHERE letter_id IS NOT NULL;
DROP INDEX attachments_letter;
ALTER TABLE attachments DROP COLUMN content_id;
ALTER TABLE attachments DROP COLUMN letter_id;
DROP TABLE saved_report_runs;
DROP TABLE saved_report_recipients;
DROP TABLE saved_reports;
