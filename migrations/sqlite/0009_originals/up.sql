-- Files of a message that its case did not take over: a JSON list of names and reasons.
ALTER TABLE messages ADD COLUMN left_out TEXT NOT NULL DEFAULT '[]';
-- When the original was erased, its retention term being over; the line of the ledger stays.
ALTER TABLE messages ADD COLUMN erased_at BIGINT;
-- When the bytes went although lines of the ledger still name them.
ALTER TABLE blobs ADD COLUMN gone_at BIGINT;
