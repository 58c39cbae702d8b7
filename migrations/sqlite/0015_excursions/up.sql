-- Numbers that left their usual range: told once, until they are back in it.
CREATE TABLE excursions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- Which number, of which kind of place, and of which.
    measure TEXT NOT NULL,
    place TEXT NOT NULL,
    code TEXT NOT NULL,
    side TEXT NOT NULL,
    -- The month it began in, as YYYYMM, and what it was then beside the usual range.
    month INTEGER NOT NULL,
    number BIGINT NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    -- The month it was usual again in.
    ended_month INTEGER
);
CREATE UNIQUE INDEX excursions_open ON excursions (measure, place, code, side) WHERE ended_month IS NULL;
