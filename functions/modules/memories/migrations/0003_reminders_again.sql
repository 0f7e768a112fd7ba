-- A reminder that comes again does so every so many of these units, counted from the first time, at
-- the same time of the community's day; `sent_at` is set when it comes no more.
ALTER TABLE reminders
    ADD COLUMN unit text NOT NULL DEFAULT '' CHECK (unit IN ('', 'hour', 'day', 'week', 'month', 'year')),
    ADD COLUMN every integer NOT NULL DEFAULT 0,
    ADD COLUMN first_at timestamptz,
    ADD COLUMN ends_at timestamptz,
    -- The last time that it was said.
    ADD COLUMN said_at timestamptz;
