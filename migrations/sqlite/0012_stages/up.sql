-- What a report counts a round by beside its ending: when each stage was reached, and how often the case went from one
-- unit to another.
ALTER TABLE case_rounds ADD COLUMN registered_at BIGINT;
ALTER TABLE case_rounds ADD COLUMN assigned_at BIGINT;
ALTER TABLE case_rounds ADD COLUMN accepted_at BIGINT;
ALTER TABLE case_rounds ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
UPDATE case_rounds SET
    registered_at = (SELECT c.registered_at FROM cases c WHERE c.id = case_rounds.case_id),
    assigned_at = (SELECT c.assigned_at FROM cases c WHERE c.id = case_rounds.case_id)
WHERE round = 1;
-- Accepted is when a person first had it: a handler took it, or it was assigned to one.
UPDATE case_rounds SET accepted_at = (
    SELECT min(e.at) FROM events e WHERE e.case_id = case_rounds.case_id AND e.at >= case_rounds.opened_at
    AND (case_rounds.finished_at IS NULL OR e.at <= case_rounds.finished_at)
    AND (e.act = 'take' OR (e.act = 'assign' AND e.facts LIKE '%"handler":%' AND e.facts NOT LIKE '%"handler":null%')));
UPDATE case_rounds SET moves = (
    SELECT count(*) FROM case_facts a JOIN case_facts b ON b.case_id = a.case_id AND b.from_at = a.to_at
    WHERE a.case_id = case_rounds.case_id AND a.unit_id <> b.unit_id AND b.from_at >= case_rounds.opened_at
    AND (case_rounds.finished_at IS NULL OR b.from_at <= case_rounds.finished_at));

-- The speed class as of a moment; of the time before this migration the one in force now is known.
ALTER TABLE case_facts ADD COLUMN speed_class TEXT;
UPDATE case_facts SET speed_class = (SELECT c.speed_class FROM cases c WHERE c.id = case_facts.case_id);

DROP INDEX case_rounds_opened;
CREATE INDEX case_rounds_opened ON case_rounds (opened_month, case_id, round, opened_at, finished_month, finished_at, close_code, original_due_at, due_at, half_days, registered_at, assigned_at, accepted_at, moves);
DROP INDEX case_facts_case;
CREATE INDEX case_facts_case ON case_facts (case_id, from_at, to_at, channel, kind, category, speed_class, unit_id);
