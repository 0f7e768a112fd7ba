-- What a module does, in half a line: `!help` says it. The release before writes none.
ALTER TABLE commands ADD COLUMN module_summary text NOT NULL DEFAULT '';

-- What people call a place, as the platform said it last. Not `name`: the release before joins its
-- places by a column of that name.
ALTER TABLE entities ADD COLUMN shown_name text NOT NULL DEFAULT '';
