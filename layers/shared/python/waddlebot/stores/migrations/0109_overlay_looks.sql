-- How what OBS shows of a community looks: a theme of the house, and a style sheet of its own, which
-- was read and written anew before it came here.
CREATE TABLE overlay_looks (
    community_id bigint PRIMARY KEY REFERENCES communities ON DELETE CASCADE,
    theme        text NOT NULL DEFAULT '',
    css          text NOT NULL DEFAULT ''
);
