-- Points that went from one person to another, each move with a row for every account that it took
-- from or gave to: together they are nothing. What an account has to give is what it earned and
-- what stands here.
CREATE TABLE point_moves (
    move_id      text NOT NULL,
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    platform     text NOT NULL,
    user_id      text NOT NULL,
    amount       bigint NOT NULL CHECK (amount <> 0),
    moved_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (move_id, platform, user_id)
);
CREATE INDEX point_moves_of_account
    ON point_moves (community_id, platform, user_id, moved_at) INCLUDE (amount);
CREATE INDEX point_moves_of_person ON point_moves (platform, user_id);
