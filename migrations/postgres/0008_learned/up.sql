-- Message-IDs that relays gave our letters: learned from what proves by a signature of ours which letter or which matter
-- it answers or reports on.
CREATE TABLE learned_ids (
    -- Without brackets.
    header_id TEXT PRIMARY KEY NOT NULL,
    -- Exactly one of them: the letter that bore it, or the matter that the letter was about.
    letter_id BIGINT REFERENCES letters (id),
    case_id BIGINT REFERENCES cases (id),
    submission_id BIGINT REFERENCES submissions (id),
    learned_at BIGINT NOT NULL
);
CREATE INDEX learned_ids_letter ON learned_ids (letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX learned_ids_submission ON learned_ids (submission_id) WHERE submission_id IS NOT NULL;
