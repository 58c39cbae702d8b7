-- The open data of a year as they were released, byte for byte: what was published never changes by itself.
CREATE TABLE open_data_releases (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    year INTEGER NOT NULL,
    released_at BIGINT NOT NULL,
    released_by BIGINT NOT NULL REFERENCES staff (id),
    -- The SHA-256 of the locked figures they were made of.
    figures_sha256 TEXT NOT NULL,
    archive BLOB NOT NULL,
    archive_sha256 TEXT NOT NULL,
    json BLOB NOT NULL,
    json_sha256 TEXT NOT NULL,
    withdrawn_at BIGINT,
    withdrawn_by BIGINT REFERENCES staff (id),
    reason TEXT NOT NULL
);
-- One release of a year stands at a time.
CREATE UNIQUE INDEX open_data_releases_standing ON open_data_releases (year) WHERE withdrawn_at IS NULL;
