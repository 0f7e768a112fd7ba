-- What an account's standing is, in thousandths from 300 to 850 (domain/standing_tiers.py). What
-- was done before is not told again: everybody begins in the middle. The release before counts
-- points alone.
ALTER TABLE reputation ADD COLUMN standing integer NOT NULL DEFAULT 600000;
