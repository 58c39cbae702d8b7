DROP INDEX ratings_month;

DROP INDEX case_facts_case;
CREATE INDEX case_facts_case ON case_facts (case_id, from_at);

DROP INDEX case_rounds_long;
DROP INDEX case_rounds_carried;
CREATE INDEX case_rounds_finished ON case_rounds (finished_month, case_id);

DROP INDEX case_rounds_opened;
CREATE INDEX case_rounds_opened ON case_rounds (opened_month, case_id, finished_month);
