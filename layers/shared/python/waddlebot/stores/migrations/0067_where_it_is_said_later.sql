-- Where something that is due was asked for: the channel of a thread, and whether it was in private.
-- The release before this one plans and takes rows without them.
ALTER TABLE due ADD COLUMN parent text;
ALTER TABLE due ADD COLUMN is_private boolean NOT NULL DEFAULT false;
