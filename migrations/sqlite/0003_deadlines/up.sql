-- Deadlines that an agency can defend: closures, policies, several clocks a case, pauses, consultations, supplements,
-- requests for extension, warnings gathered a person, reminders with their explanations.

-- Where a unit is, so that a typhoon day of its county is its day off ('' = as the unit above).
ALTER TABLE units ADD COLUMN region TEXT NOT NULL DEFAULT '';

-- Offices shut on the day, everywhere ('') or in a region; minutes of the day, 0 to 1440 for a whole day.
CREATE TABLE closures (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    region TEXT NOT NULL,
    day INTEGER NOT NULL,
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL,
    reason TEXT NOT NULL,
    -- The version of the calendar that it came with.
    calendar_version BIGINT NOT NULL,
    entered_by BIGINT REFERENCES staff (id),
    entered_at BIGINT NOT NULL,
    revoked_by BIGINT REFERENCES staff (id),
    revoked_at BIGINT
);
CREATE INDEX closures_in_force ON closures (day) WHERE revoked_at IS NULL;

-- The agency's limits, warnings, ladders: one document a row, in force for what starts on or after its day.
CREATE TABLE policies (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    from_day INTEGER NOT NULL,
    source TEXT NOT NULL,
    rules TEXT NOT NULL,
    note TEXT NOT NULL,
    created_by BIGINT REFERENCES staff (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX policies_from ON policies (from_day, id);

-- Several clocks of a purpose may follow one another in a round.
CREATE TABLE clocks_new (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    unit_id BIGINT REFERENCES units (id),
    region TEXT NOT NULL,
    policy_id BIGINT REFERENCES policies (id),
    start_at BIGINT NOT NULL,
    time_limit TEXT NOT NULL,
    original_due_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    calendar_version BIGINT NOT NULL,
    next_check_at BIGINT,
    finished_at BIGINT
);
INSERT INTO clocks_new (id, case_id, round, purpose, region, start_at, time_limit, original_due_at, due_at, calendar_version, next_check_at, finished_at)
    SELECT id, case_id, round, purpose, '', start_at, time_limit, original_due_at, due_at, calendar_version, next_check_at, finished_at FROM clocks;
DROP TABLE clocks;
ALTER TABLE clocks_new RENAME TO clocks;
CREATE INDEX clocks_case ON clocks (case_id, round, purpose);
CREATE INDEX clocks_check ON clocks (next_check_at, id) WHERE next_check_at IS NOT NULL;
CREATE INDEX clocks_policy ON clocks (policy_id, case_id) WHERE finished_at IS NULL;
CREATE INDEX clocks_running ON clocks (calendar_version, id) WHERE finished_at IS NULL;
CREATE INDEX clocks_due ON clocks (due_at, id) WHERE finished_at IS NULL;

-- What an extension added, so that it moves on with the calendar and the pauses; 0: to a given date.
ALTER TABLE extensions ADD COLUMN working_days INTEGER NOT NULL DEFAULT 0;

-- The petitioner is asked for more, or another agency for its opinion: of the case, not of one clock.
DROP TABLE pauses;
CREATE TABLE pauses (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    stops BOOLEAN NOT NULL,
    staff_id BIGINT REFERENCES staff (id),
    ended_by BIGINT REFERENCES staff (id)
);
CREATE INDEX pauses_case ON pauses (case_id, round);
CREATE INDEX pauses_running ON pauses (id) WHERE to_at IS NULL;

-- A clock whose end a changed calendar moves: done, or, where it would end earlier, waiting for a control officer.
CREATE TABLE calendar_moves (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    calendar_version BIGINT NOT NULL,
    old_original_due_at BIGINT NOT NULL,
    old_due_at BIGINT NOT NULL,
    new_original_due_at BIGINT NOT NULL,
    new_due_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    decided_by BIGINT REFERENCES staff (id),
    decided_at BIGINT,
    told BOOLEAN NOT NULL
);
CREATE INDEX calendar_moves_clock ON calendar_moves (clock_id);
CREATE INDEX calendar_moves_waiting ON calendar_moves (id) WHERE state = 'waiting';

-- A handler asks for more time; who may grant it follows from the ladder.
CREATE TABLE extension_requests (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    until_day INTEGER NOT NULL,
    rank TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES staff (id),
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by BIGINT REFERENCES staff (id),
    decided_at BIGINT,
    decision_reason TEXT NOT NULL
);
CREATE INDEX extension_requests_case ON extension_requests (case_id);
CREATE INDEX extension_requests_open ON extension_requests (id) WHERE state = 'open';

-- Another unit is asked for its part (會辦).
CREATE TABLE consultations (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    question_id BIGINT NOT NULL REFERENCES texts (id),
    asked_by BIGINT NOT NULL REFERENCES staff (id),
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    answer_id BIGINT REFERENCES texts (id),
    answered_by BIGINT REFERENCES staff (id),
    answered_at BIGINT
);
CREATE INDEX consultations_case ON consultations (case_id);
CREATE INDEX consultations_open ON consultations (unit_id, id) WHERE state = 'open';

-- The petitioner is asked to supplement (補陳).
CREATE TABLE supplements (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    pause_id BIGINT NOT NULL REFERENCES pauses (id),
    question_id BIGINT NOT NULL REFERENCES texts (id),
    asked_by BIGINT NOT NULL REFERENCES staff (id),
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    answer_id BIGINT REFERENCES texts (id),
    answered_at BIGINT
);
CREATE INDEX supplements_case ON supplements (case_id);
-- A file that came with a supplement stands beside it, not with the petition.
ALTER TABLE attachments ADD COLUMN supplement_id BIGINT REFERENCES supplements (id);
CREATE INDEX attachments_supplement ON attachments (supplement_id) WHERE supplement_id IS NOT NULL;

-- Who is away, and who stands in.
CREATE TABLE absences (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL,
    deputy_id BIGINT REFERENCES staff (id),
    entered_by BIGINT NOT NULL REFERENCES staff (id),
    entered_at BIGINT NOT NULL
);
CREATE INDEX absences_staff ON absences (staff_id, to_day);

-- What a person is told of a clock: gathered into one letter a morning, urgent ones at once.
CREATE TABLE warnings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    case_id BIGINT NOT NULL REFERENCES cases (id),
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    kind TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    told_at BIGINT
);
CREATE INDEX warnings_untold ON warnings (staff_id, id) WHERE told_at IS NULL;
CREATE INDEX warnings_case ON warnings (case_id);

-- A control officer asks why (稽催), and the handler's explanation.
CREATE TABLE reminders (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    note TEXT NOT NULL,
    asked_by BIGINT NOT NULL REFERENCES staff (id),
    asked_at BIGINT NOT NULL,
    explanation TEXT NOT NULL,
    explained_by BIGINT REFERENCES staff (id),
    explained_at BIGINT
);
CREATE INDEX reminders_case ON reminders (case_id);
CREATE INDEX reminders_open ON reminders (id) WHERE explained_at IS NULL;

-- Control reads running clocks by the unit on whose desk they stand: their own, or the lead unit of the case.
ALTER TABLE clocks ADD COLUMN holder_unit_id BIGINT REFERENCES units (id);
UPDATE clocks SET holder_unit_id = (SELECT cases.unit_id FROM cases WHERE cases.id = clocks.case_id);
CREATE INDEX clocks_due_of_purpose ON clocks (purpose, due_at, id) WHERE finished_at IS NULL;
CREATE INDEX clocks_due_at_unit ON clocks (holder_unit_id, purpose, due_at, id) WHERE finished_at IS NULL;

-- For whom the reader of a warning stands in; nobody is told twice of one clock, warning and due moment.
ALTER TABLE warnings ADD COLUMN for_id BIGINT REFERENCES staff (id);
CREATE UNIQUE INDEX warnings_once ON warnings (clock_id, kind, due_at, staff_id);

-- Gathered letters: one a kind, person and day (of a week: its Monday).
CREATE TABLE gathered (
    kind TEXT NOT NULL,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    day INTEGER NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (kind, staff_id, day)
);
CREATE INDEX absences_days ON absences (to_day);
ALTER TABLE reminders ADD COLUMN explain_by INTEGER NOT NULL DEFAULT 0;
