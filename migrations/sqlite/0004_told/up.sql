-- How an approved reply reaches the petitioner; empty for those approved before, by e-mail or letter.
ALTER TABLE replies ADD COLUMN way TEXT;

-- The written record of a reply told by telephone or interview.
CREATE TABLE reply_records (
    reply_id BIGINT NOT NULL PRIMARY KEY REFERENCES replies (id),
    how TEXT NOT NULL,
    told_on INTEGER NOT NULL,
    staff_id BIGINT NOT NULL REFERENCES staff (id),
    text_id BIGINT NOT NULL REFERENCES texts (id),
    at BIGINT NOT NULL
);
