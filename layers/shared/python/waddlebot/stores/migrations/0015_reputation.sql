-- Points by account: one person's score is the sum of what their accounts earned.
CREATE TABLE reputation (
    community_id    bigint NOT NULL,
    platform        text NOT NULL,
    user_id         text NOT NULL,
    name            text NOT NULL,
    points          bigint NOT NULL,
    events          bigint NOT NULL,
    last_message_at timestamptz,
    PRIMARY KEY (community_id, platform, user_id)
);
CREATE INDEX reputation_of_account ON reputation (platform, user_id);

-- What was counted, so that nothing is counted twice.
CREATE TABLE reputation_events (
    event_id     text NOT NULL,
    occurred_on  date NOT NULL,
    occurred_at  timestamptz NOT NULL,
    community_id bigint NOT NULL,
    platform     text NOT NULL,
    user_id      text NOT NULL,
    event_name   text NOT NULL,
    points       integer NOT NULL,
    PRIMARY KEY (event_id, occurred_on)
) PARTITION BY RANGE (occurred_on);
CREATE INDEX reputation_events_of_account
    ON reputation_events (community_id, platform, user_id, occurred_at);
