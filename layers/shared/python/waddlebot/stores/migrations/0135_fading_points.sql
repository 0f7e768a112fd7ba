-- The Monday (UTC) of the week for which a community's points faded last, or from which on they do.
CREATE TABLE reputation_fading (
    community_id bigint PRIMARY KEY REFERENCES communities ON DELETE CASCADE,
    week         date NOT NULL
);
