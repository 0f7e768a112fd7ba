-- What a member was called when the role was given: platforms' ids tell people nothing.
ALTER TABLE community_members ADD COLUMN name text NOT NULL DEFAULT '';
