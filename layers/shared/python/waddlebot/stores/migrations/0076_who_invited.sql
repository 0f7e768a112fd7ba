-- What their platform made whoever invited, when they did, where nobody had given it to them:
-- it is kept as a role once another home joins.
ALTER TABLE community_invites
    ADD COLUMN role text NOT NULL DEFAULT 'user',
    ADD COLUMN name text NOT NULL DEFAULT '';
