-- Whether nothing was said about a try that came to nothing, as there had been many within a minute.
-- NULL is of the release before this one, which does not say.
ALTER TABLE command_executions ADD COLUMN hushed boolean;
