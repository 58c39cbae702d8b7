-- Reports that somebody saved: what they count, and when they are sent to whom.
CREATE TABLE saved_reports (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES staff (id),
    -- Whether everybody who reads figures sees it.
    shared BOOLEAN NOT NULL,
    -- Period, filter, tables and formats, as JSON; and the rhythm they are sent in.
    terms TEXT NOT NULL,
    schedule TEXT NOT NULL,
    -- When it is sent next; none: only by hand.
    next_run_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX saved_reports_next ON saved_reports (next_run_at) WHERE next_run_at IS NOT NULL;

-- Who gets it, each in their language.
CREATE TABLE saved_report_recipients (
    report_id BIGINT NOT NULL REFERENCES saved_reports (id) ON DELETE CASCADE,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    locale TEXT NOT NULL,
    PRIMARY KEY (report_id, staff_id)
);

-- What came of each time it was due, or was sent by hand.
CREATE TABLE saved_report_runs (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    report_id BIGINT NOT NULL REFERENCES saved_reports (id) ON DELETE CASCADE,
    -- The moment it was due at; that of the request where somebody sent it.
    due_at BIGINT NOT NULL,
    -- Who sent it by hand.
    staff_id BIGINT REFERENCES staff (id),
    ran_at BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    letters BIGINT NOT NULL,
    UNIQUE (report_id, due_at)
);

-- Files that a letter carries of its own, and the name by which its text shows one of them.
ALTER TABLE attachments ADD COLUMN letter_id BIGINT REFERENCES letters (id);
ALTER TABLE attachments ADD COLUMN content_id TEXT;
CREATE INDEX attachments_letter ON attachments (letter_id) WHERE letter_id IS NOT NULL;
