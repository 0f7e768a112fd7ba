-- What somebody did that counts once, or once in a while: follows for good, a subscription for its
-- month. The release before marks none, and counts as it did.
CREATE TABLE reputation_deeds (
    community_id bigint NOT NULL,
    platform     text NOT NULL,
    user_id      text NOT NULL,
    deed         text NOT NULL,
    since        timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    PRIMARY KEY (community_id, platform, user_id, deed)
);
CREATE INDEX reputation_deeds_of_account ON reputation_deeds (platform, user_id);
CREATE INDEX reputation_deeds_by_end ON reputation_deeds (until);
