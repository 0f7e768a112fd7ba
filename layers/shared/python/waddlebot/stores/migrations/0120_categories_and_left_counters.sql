-- What a custom command is listed with; nothing for most.
ALTER TABLE custom_commands ADD COLUMN category text NOT NULL DEFAULT '';
-- Since when no text counts with it: for a day it counts on where one does again.
ALTER TABLE custom_counters ADD COLUMN left_at timestamptz;
