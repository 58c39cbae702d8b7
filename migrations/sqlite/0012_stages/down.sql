DROP INDEX case_facts_case;
CREATE INDEX case_facts_case ON case_facts (case_id, from_at, to_at, channel, kind, category, unit_id);
DROP INDEX case_rounds_opened;
CREATE INDEX case_rounds_opened ON case_rounds (opened_month, case_id, round, opened_at, finished_month, finished_at, close_code, original_due_at, due_at, half_days);

ALTER TABLE case_facts DROP COLUMN speed_class;
ALTER TABLE case_rounds DROP COLUMN moves;
ALTER TABLE case_rounds DROP COLUMN accepted_at;
ALTER TABLE case_rounds DROP COLUMN assigned_at;
ALTER TABLE case_rounds DROP COLUMN registered_at;
