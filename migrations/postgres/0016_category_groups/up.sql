-- The category that this one is counted in with its neighbours; cases stand in those that are no group.
ALTER TABLE categories ADD COLUMN parent TEXT REFERENCES categories (code);
