-- Where a custom command answers (domain/custom_whens.py); nothing in it is everywhere.
ALTER TABLE custom_commands ADD COLUMN answers_when jsonb NOT NULL DEFAULT '{}';
-- How long it rests after each use for whoever used it, beside the rest for everybody.
ALTER TABLE custom_commands ADD COLUMN person_cooldown_seconds integer NOT NULL DEFAULT 0;
