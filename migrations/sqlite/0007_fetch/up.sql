-- A mailbox that messages are fetched from: how far it has been read, and how fetching goes.
CREATE TABLE fetch_states (
    mailbox TEXT PRIMARY KEY NOT NULL,
    -- Server, login and folder: with another of them the mailbox is read from its beginning.
    place TEXT NOT NULL,
    uid_validity BIGINT NOT NULL,
    -- Every message up to this one is done.
    last_uid BIGINT NOT NULL,
    fetched BIGINT NOT NULL,
    -- Messages left where they are because they are too large, and how many of them administrators know of.
    too_large BIGINT NOT NULL,
    too_large_told BIGINT NOT NULL,
    since BIGINT NOT NULL,
    last_success_at BIGINT,
    last_error_at BIGINT,
    last_error TEXT NOT NULL,
    told_at BIGINT
);
