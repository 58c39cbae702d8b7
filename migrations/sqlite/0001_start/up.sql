-- Chenqing's first schema. The same tables and columns stand in both databases (a test compares them);
-- times are epoch microseconds UTC, months are agency-local YYYYMM, dates are YYYYMMDD.

-- ── The agency ──────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE installation (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE units (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    parent_id BIGINT REFERENCES units (id),
    path TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    phone TEXT NOT NULL,
    sort BIGINT NOT NULL,
    active BOOLEAN NOT NULL
);

CREATE TABLE mailboxes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL UNIQUE,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    root_unit_id BIGINT NOT NULL REFERENCES units (id),
    registry_unit_id BIGINT NOT NULL REFERENCES units (id),
    active BOOLEAN NOT NULL
);

CREATE TABLE categories (
    code TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    unit_id BIGINT REFERENCES units (id),
    sort BIGINT NOT NULL,
    active BOOLEAN NOT NULL
);

CREATE TABLE speed_classes (
    code TEXT NOT NULL PRIMARY KEY,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    time_limit TEXT NOT NULL,
    sort BIGINT NOT NULL,
    active BOOLEAN NOT NULL
);

CREATE TABLE calendar_versions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    created_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    active BOOLEAN NOT NULL
);

CREATE TABLE calendar_years (
    version_id BIGINT NOT NULL REFERENCES calendar_versions (id),
    year INTEGER NOT NULL,
    PRIMARY KEY (version_id, year)
);

CREATE TABLE calendar_days (
    version_id BIGINT NOT NULL REFERENCES calendar_versions (id),
    day INTEGER NOT NULL,
    day_off BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (version_id, day)
);

-- ── Staff ───────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE staff (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units (id),
    roles TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    failed_logins BIGINT NOT NULL,
    locked_until BIGINT,
    last_login_at BIGINT,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX staff_unit ON staff (unit_id);

CREATE TABLE password_history (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    password_hash TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX password_history_staff ON password_history (staff_id, id);

CREATE TABLE sessions (
    digest TEXT NOT NULL PRIMARY KEY,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- ── People and texts, apart from the matter so that they can be erased ──────────────────────────────────────
CREATE TABLE parties (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name_sealed BLOB,
    email_sealed BLOB,
    phone_sealed BLOB,
    address_sealed BLOB,
    name_index TEXT,
    email_index TEXT,
    phone_index TEXT,
    created_at BIGINT NOT NULL,
    erased_at BIGINT
);
CREATE INDEX parties_name ON parties (name_index);
CREATE INDEX parties_email ON parties (email_index);
CREATE INDEX parties_phone ON parties (phone_index);

CREATE TABLE texts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    body TEXT NOT NULL
);

-- ── Submissions: unconfirmed, outside the event chain ───────────────────────────────────────────────────────
CREATE TABLE submissions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    channel TEXT NOT NULL,
    locale TEXT NOT NULL,
    party_id BIGINT NOT NULL REFERENCES parties (id),
    subject TEXT NOT NULL,
    text_id BIGINT NOT NULL REFERENCES texts (id),
    kind TEXT NOT NULL,
    category TEXT,
    place TEXT NOT NULL,
    confidential BOOLEAN NOT NULL,
    reply_by TEXT NOT NULL,
    nonce TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    reminded_at BIGINT,
    mails_sent BIGINT NOT NULL,
    last_mail_at BIGINT NOT NULL,
    case_id BIGINT,
    decided_by BIGINT REFERENCES staff (id),
    decided_at BIGINT,
    decision_reason TEXT NOT NULL
);
CREATE INDEX submissions_state ON submissions (state, expires_at, id);
CREATE INDEX submissions_party ON submissions (party_id);

CREATE TABLE submission_counts (
    month INTEGER NOT NULL,
    state TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (month, state)
);

-- ── Cases ───────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE cases (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    number TEXT UNIQUE,
    code_digest TEXT UNIQUE,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT,
    speed_class TEXT,
    confidential BOOLEAN NOT NULL,
    unit_id BIGINT REFERENCES units (id),
    handler_id BIGINT REFERENCES staff (id),
    party_id BIGINT NOT NULL REFERENCES parties (id),
    subject TEXT NOT NULL,
    text_id BIGINT NOT NULL REFERENCES texts (id),
    place TEXT NOT NULL,
    locale TEXT NOT NULL,
    reply_by TEXT NOT NULL,
    submission_id BIGINT UNIQUE REFERENCES submissions (id),
    round INTEGER NOT NULL,
    received_at BIGINT NOT NULL,
    received_month INTEGER NOT NULL,
    registered_at BIGINT,
    assigned_at BIGINT,
    replied_at BIGINT,
    finished_at BIGINT,
    closed_at BIGINT,
    close_code TEXT,
    original_due_at BIGINT,
    due_at BIGINT,
    extended BOOLEAN NOT NULL,
    rating_until BIGINT
);
CREATE INDEX cases_party ON cases (party_id);
CREATE INDEX cases_received ON cases (received_at, id);
CREATE INDEX cases_state ON cases (state, received_at, id);
CREATE INDEX cases_open_due ON cases (due_at, id) WHERE finished_at IS NULL;
CREATE INDEX cases_open_unit ON cases (unit_id, due_at, id) WHERE finished_at IS NULL;
CREATE INDEX cases_open_handler ON cases (handler_id, due_at, id) WHERE finished_at IS NULL;
CREATE INDEX cases_rating ON cases (rating_until, id) WHERE state = 'replied';

-- What few cases have: where they came from, official-document numbers, whom they complain of.
CREATE TABLE case_references (
    case_id BIGINT NOT NULL PRIMARY KEY REFERENCES cases (id),
    incoming_ref TEXT,
    referring_agency TEXT,
    referring_due_at BIGINT,
    document_in TEXT,
    document_out TEXT,
    transferred_to TEXT,
    respondent_unit_id BIGINT REFERENCES units (id),
    respondent_staff_id BIGINT REFERENCES staff (id)
);

-- One row each time a case was opened: the first receipt and every reopening. Statistics count these.
CREATE TABLE case_rounds (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_month INTEGER NOT NULL,
    finished_at BIGINT,
    finished_month INTEGER,
    close_code TEXT,
    original_due_at BIGINT,
    due_at BIGINT,
    half_days BIGINT,
    UNIQUE (case_id, round)
);
CREATE INDEX case_rounds_opened ON case_rounds (opened_month, case_id, finished_month);
CREATE INDEX case_rounds_finished ON case_rounds (finished_month, case_id);

-- What a case was counted under, from when to when: a report takes the row in force at its period's end.
CREATE TABLE case_facts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT,
    unit_id BIGINT REFERENCES units (id)
);
CREATE INDEX case_facts_case ON case_facts (case_id, from_at);

CREATE TABLE clocks (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    start_at BIGINT NOT NULL,
    time_limit TEXT NOT NULL,
    original_due_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    calendar_version BIGINT NOT NULL,
    next_check_at BIGINT,
    finished_at BIGINT,
    UNIQUE (case_id, round, purpose)
);
CREATE INDEX clocks_check ON clocks (next_check_at, id) WHERE next_check_at IS NOT NULL;

CREATE TABLE pauses (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    reason TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    stops BOOLEAN NOT NULL
);
CREATE INDEX pauses_clock ON pauses (clock_id);

CREATE TABLE extensions (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    old_due_at BIGINT NOT NULL,
    new_due_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL
);
CREATE INDEX extensions_clock ON extensions (clock_id);

-- A notice of one kind goes out once for a clock and a due moment.
CREATE TABLE notices (
    clock_id BIGINT NOT NULL REFERENCES clocks (id),
    kind TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (clock_id, kind, due_at)
);

CREATE TABLE notes (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    text_id BIGINT NOT NULL REFERENCES texts (id),
    at BIGINT NOT NULL
);
CREATE INDEX notes_case ON notes (case_id, at);

CREATE TABLE replies (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    text_id BIGINT NOT NULL REFERENCES texts (id),
    legal_basis TEXT NOT NULL,
    author_id BIGINT NOT NULL REFERENCES staff (id),
    approver_id BIGINT REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    submitted_at BIGINT,
    decided_at BIGINT,
    return_reason TEXT NOT NULL,
    nonce TEXT NOT NULL,
    rating_until BIGINT,
    posted_on INTEGER,
    UNIQUE (case_id, round)
);

CREATE TABLE ratings (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    reply_id BIGINT NOT NULL UNIQUE REFERENCES replies (id),
    result INTEGER NOT NULL,
    clarity INTEGER NOT NULL,
    speed INTEGER NOT NULL,
    attitude INTEGER NOT NULL,
    overall INTEGER NOT NULL,
    comment TEXT NOT NULL,
    may_call BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    created_month INTEGER NOT NULL,
    updated_at BIGINT NOT NULL,
    changes BIGINT NOT NULL
);
CREATE INDEX ratings_case ON ratings (case_id);

CREATE TABLE review_tasks (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    reply_id BIGINT NOT NULL UNIQUE REFERENCES replies (id),
    rating_id BIGINT NOT NULL REFERENCES ratings (id),
    state TEXT NOT NULL,
    unit_id BIGINT REFERENCES units (id),
    handler_id BIGINT REFERENCES staff (id),
    approver_id BIGINT REFERENCES staff (id),
    opened_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by BIGINT REFERENCES staff (id),
    reason TEXT NOT NULL
);
CREATE INDEX review_tasks_open ON review_tasks (opened_at, id) WHERE state = 'open';
CREATE INDEX review_tasks_case ON review_tasks (case_id);

CREATE TABLE identity_views (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX identity_views_case ON identity_views (case_id, at);

-- ── Files ───────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE blobs (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL
);

CREATE TABLE attachments (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL REFERENCES blobs (sha256),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    submission_id BIGINT REFERENCES submissions (id),
    case_id BIGINT REFERENCES cases (id),
    reply_id BIGINT REFERENCES replies (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_submission ON attachments (submission_id);
CREATE INDEX attachments_case ON attachments (case_id);
CREATE INDEX attachments_reply ON attachments (reply_id);
CREATE INDEX attachments_blob ON attachments (sha256);

-- ── History ─────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE events (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    actor TEXT NOT NULL,
    staff_id BIGINT REFERENCES staff (id),
    facts TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (case_id, seq)
);

CREATE TABLE seals (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    previous TEXT NOT NULL,
    seal TEXT NOT NULL
);
CREATE INDEX seals_case ON seals (case_id, seq);

-- What a follower still has to do for a case; it deletes only the generation it processed.
CREATE TABLE work (
    kind TEXT NOT NULL,
    case_id BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (kind, case_id)
);

-- ── Letters ─────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE letters (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    case_id BIGINT REFERENCES cases (id),
    submission_id BIGINT REFERENCES submissions (id),
    reply_id BIGINT REFERENCES replies (id),
    party_id BIGINT REFERENCES parties (id),
    staff_id BIGINT REFERENCES staff (id),
    locale TEXT NOT NULL,
    data TEXT NOT NULL,
    link TEXT,
    secret_sealed BLOB,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_try_at BIGINT,
    claim TEXT,
    message_id TEXT,
    frozen_sealed BLOB,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    error TEXT
);
CREATE INDEX letters_due ON letters (next_try_at, id) WHERE next_try_at IS NOT NULL;
CREATE INDEX letters_state ON letters (state, id);
CREATE INDEX letters_case ON letters (case_id);
CREATE INDEX letters_submission ON letters (submission_id);
CREATE UNIQUE INDEX letters_message ON letters (message_id);

-- ── The house's own books ───────────────────────────────────────────────────────────────────────────────────
CREATE TABLE idempotency (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    until BIGINT NOT NULL,
    last_started_at BIGINT,
    last_finished_at BIGINT,
    last_result TEXT NOT NULL
);

CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Failed look-ups and the like, counted in fixed windows.
CREATE TABLE attempts (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    window_start BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX attempts_window ON attempts (window_start);

CREATE TABLE year_packages (
    year INTEGER NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    figures TEXT NOT NULL
);
