-- Since when no alias counts with it: for a day it counts on where one does again.
ALTER TABLE alias_counters ADD COLUMN left_at timestamptz;
