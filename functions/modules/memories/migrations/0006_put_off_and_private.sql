-- Where nobody else read that it was asked for its words are told to nobody else either.
ALTER TABLE reminders
    ADD COLUMN is_private boolean NOT NULL DEFAULT false,
    -- The number of the one that comes again of which this is one turn that was put off, or 0.
    ADD COLUMN instead_of integer NOT NULL DEFAULT 0;
-- Those that wait are private as what fires them says, which stands in the house's table.
DO $$ BEGIN
    IF to_regclass('due') IS NOT NULL THEN
        UPDATE reminders SET is_private = true FROM due
        WHERE due.id = reminders.due_id AND due.is_private;
    END IF;
END $$;
