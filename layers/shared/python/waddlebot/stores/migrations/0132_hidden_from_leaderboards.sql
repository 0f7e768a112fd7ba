-- Who wants to stand on no leaderboard of a community. Points are counted as before.
CREATE TABLE leaderboard_hidden (
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    platform     text NOT NULL,
    user_id      text NOT NULL,
    PRIMARY KEY (community_id, platform, user_id)
);
CREATE INDEX leaderboard_hidden_of_account ON leaderboard_hidden (platform, user_id);
