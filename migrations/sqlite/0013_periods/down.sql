ALTER TABLE year_packages DROP COLUMN sha256;
DROP INDEX case_rounds_opened;
CREATE INDEX case_rounds_opened ON case_rounds (opened_month, case_id, round, opened_at, finished_month, finished_at, close_code, original_due_at, due_at, half_days, registered_at, assigned_at, accepted_at, moves);

DROP TABLE round_terms;
ALTER TABLE case_rounds DROP COLUMN rated_at;
ALTER TABLE case_rounds DROP COLUMN asked;
ALTER TABLE case_rounds DROP COLUMN counted_at;
