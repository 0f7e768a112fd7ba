-- Where a rule stands among those of its priority; NULL stands at its number, as in the release
-- before this one. Whoever puts rules in another order deals out the places that they had.
ALTER TABLE string_rules ADD COLUMN place bigint;
