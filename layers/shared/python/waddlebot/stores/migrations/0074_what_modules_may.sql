-- What modules may do besides answering, as they declare it; of strangers' functions a community
-- lets them do what they declared when its owner installed them.
ALTER TABLE commands ADD COLUMN may jsonb NOT NULL DEFAULT '[]';
ALTER TABLE installed_modules ADD COLUMN may jsonb NOT NULL DEFAULT '[]';

-- What a module wished and was not done, and why; null where all was done.
ALTER TABLE command_executions ADD COLUMN refused jsonb;
