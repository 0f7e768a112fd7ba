-- The server or channel that a community was founded for: its people's word counts in all of it.
ALTER TABLE communities ADD COLUMN home text UNIQUE;
UPDATE communities SET home = name WHERE name LIKE '%:%';

-- A word for one person that brings their server or channel into a community; only hashes are kept.
CREATE TABLE community_invites (
    code_hash    bytea PRIMARY KEY,
    community_id bigint NOT NULL REFERENCES communities,
    invited_by   text NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX community_invites_expired ON community_invites (expires_at);
