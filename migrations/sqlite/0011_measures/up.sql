-- What an agency does so that the same complaints do not come again (檢討改進措施).
CREATE TABLE measures (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- The year whose figures or ratings gave the reason.
    year INTEGER NOT NULL,
    category TEXT,
    title TEXT NOT NULL,
    cause TEXT NOT NULL,
    action TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    owner_id BIGINT REFERENCES staff (id),
    due_day INTEGER NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    planned_at BIGINT NOT NULL
);
CREATE INDEX measures_year ON measures (year, due_day, id);

-- How a measure went: its planning, and each state it was brought to since.
CREATE TABLE measure_steps (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    measure_id BIGINT NOT NULL REFERENCES measures (id),
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL
);
CREATE INDEX measure_steps_measure ON measure_steps (measure_id, id);

-- The cases that gave the reason.
CREATE TABLE measure_cases (
    measure_id BIGINT NOT NULL REFERENCES measures (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    PRIMARY KEY (measure_id, case_id)
);
