-- Where moderators have no channel they are told all the same, and once how to name one.
ALTER TABLE communities ADD COLUMN moderators_hinted_at timestamptz;
