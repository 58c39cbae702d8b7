-- Indexes that the figures of a year are read from: everything they need stands in them.
DROP INDEX case_rounds_opened;
CREATE INDEX case_rounds_opened ON case_rounds (opened_month, case_id, round, opened_at, finished_month, finished_at, close_code, original_due_at, due_at, half_days);

-- Rounds that outlived the month they were opened in: few, and what a year carries over is among them.
DROP INDEX case_rounds_finished;
CREATE INDEX case_rounds_carried ON case_rounds (finished_month, opened_month) WHERE finished_month IS NULL OR finished_month <> opened_month;
CREATE INDEX case_rounds_long ON case_rounds (opened_month, finished_month) WHERE finished_month - opened_month > 100;

DROP INDEX case_facts_case;
CREATE INDEX case_facts_case ON case_facts (case_id, from_at, to_at, channel, kind, category, unit_id);

CREATE INDEX ratings_month ON ratings (created_month, case_id, created_at, result, clarity, speed, attitude, overall);
