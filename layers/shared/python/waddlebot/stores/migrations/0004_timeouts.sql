-- For how long a rule that blocks keeps a person from writing; 0 is not at all.
ALTER TABLE string_rules ADD COLUMN timeout_seconds integer NOT NULL DEFAULT 0;
