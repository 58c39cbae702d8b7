-- Months that are over, folded: their sums, counted once. `version` counts what changed in the month since the row was
-- made; the fold is good while it is that of `folded_version`.
CREATE TABLE month_folds (
    -- YYYYMM.
    month INTEGER NOT NULL PRIMARY KEY,
    -- The first moment after the month.
    ends_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    folded_version BIGINT,
    folded_at BIGINT,
    -- JSON.
    figures TEXT
);
CREATE INDEX month_folds_ends ON month_folds (ends_at);

-- Whoever writes, and by whatever way, no change of a folded month is missed; and what acts do to cases day by day touches
-- none of these rows: opening, classifying and finishing change nothing of a month that is over.
CREATE TRIGGER month_folds_round_in AFTER INSERT ON case_rounds BEGIN
    UPDATE month_folds SET version = version + 1
    WHERE month BETWEEN NEW.opened_month AND coalesce(NEW.finished_month, 999999);
END;
CREATE TRIGGER month_folds_round_out AFTER DELETE ON case_rounds BEGIN
    UPDATE month_folds SET version = version + 1
    WHERE month BETWEEN OLD.opened_month AND coalesce(OLD.finished_month, 999999);
END;
CREATE TRIGGER month_folds_round AFTER UPDATE ON case_rounds BEGIN
    UPDATE month_folds SET version = version + 1
    WHERE month >= min(OLD.opened_month, NEW.opened_month) AND (
        -- Received.
        (month = OLD.opened_month) <> (month = NEW.opened_month)
        -- Closed, and how.
        OR (month = coalesce(OLD.finished_month, 0)) <> (month = coalesce(NEW.finished_month, 0))
        OR (month = coalesce(NEW.finished_month, 0) AND (
            coalesce(OLD.finished_at, 0) <> coalesce(NEW.finished_at, 0)
            OR coalesce(OLD.close_code, '') <> coalesce(NEW.close_code, '')
            OR coalesce(OLD.half_days, -1) <> coalesce(NEW.half_days, -1)
            OR OLD.asked <> NEW.asked
            OR (coalesce(OLD.rated_at, 9223372036854775807) < ends_at)
                <> (coalesce(NEW.rated_at, 9223372036854775807) < ends_at)
            OR coalesce(OLD.original_due_at, 0) <> coalesce(NEW.original_due_at, 0)))
        -- Open at its end, and overdue.
        OR (OLD.opened_month <= month AND coalesce(OLD.finished_month, 999999) > month)
            <> (NEW.opened_month <= month AND coalesce(NEW.finished_month, 999999) > month)
        OR (NEW.opened_month <= month AND coalesce(NEW.finished_month, 999999) > month
            AND (coalesce(OLD.original_due_at, 9223372036854775807) < ends_at)
                <> (coalesce(NEW.original_due_at, 9223372036854775807) < ends_at)));
END;
CREATE TRIGGER month_folds_facts_in AFTER INSERT ON case_facts BEGIN
    UPDATE month_folds SET version = version + 1
    WHERE ends_at > NEW.from_at AND (NEW.to_at IS NULL OR ends_at <= NEW.to_at);
END;
CREATE TRIGGER month_folds_facts_out AFTER DELETE ON case_facts BEGIN
    UPDATE month_folds SET version = version + 1
    WHERE ends_at > OLD.from_at AND (OLD.to_at IS NULL OR ends_at <= OLD.to_at);
END;
CREATE TRIGGER month_folds_facts AFTER UPDATE ON case_facts BEGIN
    UPDATE month_folds SET version = version + 1
    WHERE ends_at > min(OLD.from_at, NEW.from_at) AND (
        (ends_at > OLD.from_at AND ends_at <= coalesce(OLD.to_at, 9223372036854775807))
            <> (ends_at > NEW.from_at AND ends_at <= coalesce(NEW.to_at, 9223372036854775807))
        OR (ends_at > NEW.from_at AND ends_at <= coalesce(NEW.to_at, 9223372036854775807) AND (
            coalesce(OLD.category, '') <> coalesce(NEW.category, '') OR coalesce(OLD.unit_id, 0) <> coalesce(NEW.unit_id, 0))));
END;
CREATE TRIGGER month_folds_rating_in AFTER INSERT ON ratings BEGIN
    UPDATE month_folds SET version = version + 1 WHERE month = NEW.created_month;
END;
CREATE TRIGGER month_folds_rating_out AFTER DELETE ON ratings BEGIN
    UPDATE month_folds SET version = version + 1 WHERE month = OLD.created_month;
END;
CREATE TRIGGER month_folds_rating AFTER UPDATE ON ratings WHEN OLD.overall <> NEW.overall OR OLD.created_month <> NEW.created_month BEGIN
    UPDATE month_folds SET version = version + 1 WHERE month IN (OLD.created_month, NEW.created_month);
END;
