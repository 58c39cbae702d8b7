-- The ledger of incoming mail: every message once by its bytes, and every receipt of it.

CREATE TABLE messages (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    -- The raw bytes, a file.
    sha256 TEXT NOT NULL UNIQUE REFERENCES blobs (sha256),
    size BIGINT NOT NULL,
    stored_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    -- waiting, or what became of it.
    state TEXT NOT NULL,
    -- What the program decided, and why: a JSON list of codes.
    decision TEXT,
    reasons TEXT NOT NULL,
    -- For lists; the whole stands in the file.
    from_sealed BLOB,
    subject_sealed BLOB,
    -- Blind index of the sender's address.
    from_index TEXT,
    -- Message-ID without brackets.
    header_id TEXT,
    -- Where it ended.
    submission_id BIGINT REFERENCES submissions (id),
    case_id BIGINT REFERENCES cases (id),
    letter_id BIGINT REFERENCES letters (id),
    -- Its text in the thread of its case.
    text_id BIGINT REFERENCES texts (id),
    -- The case that it seems to belong to.
    suggested_case_id BIGINT REFERENCES cases (id),
    -- Who decided by hand, when, and why.
    decided_by BIGINT REFERENCES staff (id),
    decided_at BIGINT,
    decision_reason TEXT NOT NULL,
    -- When it was taken in; until then attempts, the next one, and what was in the way.
    processed_at BIGINT,
    attempts BIGINT NOT NULL,
    next_try_at BIGINT,
    error TEXT
);
CREATE INDEX messages_state ON messages (state, id);
CREATE INDEX messages_due ON messages (next_try_at, id) WHERE next_try_at IS NOT NULL;
CREATE INDEX messages_case ON messages (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX messages_submission ON messages (submission_id) WHERE submission_id IS NOT NULL;
CREATE INDEX messages_letter ON messages (letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX messages_from ON messages (from_index, stored_at) WHERE from_index IS NOT NULL;
CREATE INDEX messages_header ON messages (header_id) WHERE header_id IS NOT NULL;

-- Each time a message came in, by which way, and under which name there.
CREATE TABLE receipts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    -- Kind and name of the way: `pipe`, `folder`, `imap:NAME`.
    source TEXT NOT NULL,
    -- What it is called there: file name, UIDVALIDITY/UID.
    reference TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (source, reference)
);
CREATE INDEX receipts_message ON receipts (message_id);

-- What remains of messages that were deleted.
CREATE TABLE message_counts (
    month INTEGER NOT NULL,
    state TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (month, state)
);

-- Looks at raw messages: they say who wrote.
CREATE TABLE message_views (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    message_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    at BIGINT NOT NULL
);
CREATE INDEX message_views_message ON message_views (message_id, at);

-- A file of a message that joined a case stands beside it, not with the petition.
ALTER TABLE attachments ADD COLUMN message_id BIGINT REFERENCES messages (id);
CREATE INDEX attachments_message ON attachments (message_id) WHERE message_id IS NOT NULL;
