-- When a round came to be counted as received: confirmed, entered by staff, or reopened. Limits and days used go on from
-- opened_at. Whatever was entered before this migration was reported by its receipt already, and stays there.
ALTER TABLE case_rounds ADD COLUMN counted_at BIGINT NOT NULL DEFAULT 0;
UPDATE case_rounds SET counted_at = opened_at;

-- Whether a rating was asked for with the reply, and when one was first given.
ALTER TABLE case_rounds ADD COLUMN asked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE case_rounds ADD COLUMN rated_at BIGINT;
UPDATE case_rounds SET asked = TRUE WHERE EXISTS (
    SELECT 1 FROM replies p WHERE p.case_id = case_rounds.case_id AND p.round = case_rounds.round
    AND p.state = 'approved' AND p.rating_until IS NOT NULL);
UPDATE case_rounds SET rated_at = (
    SELECT min(g.created_at) FROM ratings g JOIN replies p ON p.id = g.reply_id
    WHERE p.case_id = case_rounds.case_id AND p.round = case_rounds.round)
WHERE asked;

-- From a unit to one below it is distribution (分文), no reassignment (改分).
UPDATE case_rounds SET moves = (
    SELECT count(*) FROM case_facts a JOIN case_facts b ON b.case_id = a.case_id AND b.from_at = a.to_at
    JOIN units f ON f.id = a.unit_id JOIN units t ON t.id = b.unit_id
    WHERE a.case_id = case_rounds.case_id AND a.unit_id <> b.unit_id AND substr(t.path, 1, length(f.path)) <> f.path
    AND b.from_at >= case_rounds.opened_at
    AND (case_rounds.finished_at IS NULL OR b.from_at <= case_rounds.finished_at))
WHERE moves > 0;

-- What a round was due by, and how often it had been reassigned, until that changed: a report takes what was in force at
-- its period's end.
CREATE TABLE round_terms (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    until_at BIGINT NOT NULL,
    original_due_at BIGINT,
    due_at BIGINT,
    moves INTEGER NOT NULL,
    PRIMARY KEY (case_id, round, until_at)
);
-- Of the time before, extensions and reassignments are known.
INSERT INTO round_terms (case_id, round, until_at, original_due_at, due_at, moves)
SELECT r.case_id, r.round, c.at, r.original_due_at,
    coalesce((SELECT e.old_due_at FROM extensions e JOIN clocks k ON k.id = e.clock_id
        WHERE k.case_id = r.case_id AND k.round = r.round AND k.purpose = 'reply' AND e.at >= c.at
        ORDER BY e.at, e.id LIMIT 1), r.due_at),
    CASE WHEN r.moves = 0 THEN 0 ELSE (
        SELECT count(*) FROM case_facts a JOIN case_facts b ON b.case_id = a.case_id AND b.from_at = a.to_at
        JOIN units f ON f.id = a.unit_id JOIN units t ON t.id = b.unit_id
        WHERE a.case_id = r.case_id AND a.unit_id <> b.unit_id AND substr(t.path, 1, length(f.path)) <> f.path
        AND b.from_at >= r.opened_at AND b.from_at < c.at) END
FROM case_rounds r JOIN (
    SELECT k.case_id AS case_id, k.round AS round, e.at AS at FROM extensions e JOIN clocks k ON k.id = e.clock_id
    WHERE k.purpose = 'reply'
    UNION
    SELECT r.case_id, r.round, b.from_at FROM case_rounds r
    JOIN case_facts b ON b.case_id = r.case_id JOIN case_facts a ON a.case_id = b.case_id AND a.to_at = b.from_at
    JOIN units f ON f.id = a.unit_id JOIN units t ON t.id = b.unit_id
    WHERE r.moves > 0 AND a.unit_id <> b.unit_id AND substr(t.path, 1, length(f.path)) <> f.path
    AND b.from_at >= r.opened_at AND (r.finished_at IS NULL OR b.from_at <= r.finished_at)
) c ON c.case_id = r.case_id AND c.round = r.round;
CREATE INDEX round_terms_until ON round_terms (until_at);

DROP INDEX case_rounds_opened;
CREATE INDEX case_rounds_opened ON case_rounds (opened_month, case_id, round, opened_at, counted_at, finished_month, finished_at, close_code, original_due_at, due_at, half_days, registered_at, assigned_at, accepted_at, moves, asked, rated_at);

-- The SHA-256 of the figures as they were locked; what was locked before has none.
ALTER TABLE year_packages ADD COLUMN sha256 TEXT;
