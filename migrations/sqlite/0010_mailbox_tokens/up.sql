-- The refresh token that a mailbox's token server gave last, in place of the configured one.
CREATE TABLE mailbox_tokens (
    mailbox TEXT PRIMARY KEY NOT NULL,
    -- Keyed digest of the configured token and its server: with another of them this row counts no more.
    configured TEXT NOT NULL,
    refresh_sealed BLOB NOT NULL,
    given_at BIGINT NOT NULL
);
