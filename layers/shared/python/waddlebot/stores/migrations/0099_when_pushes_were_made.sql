-- A song's progress counts from when it was pushed, also for a page that is loaded later.
ALTER TABLE overlay_pushes ADD COLUMN made_at timestamptz NOT NULL DEFAULT now();
