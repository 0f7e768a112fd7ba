-- What happened and is no line of chat: raids, follows, joins, so that each has a story.
CREATE TABLE happenings (
    event_id     text NOT NULL,
    occurred_on  date NOT NULL,
    occurred_at  timestamptz NOT NULL,
    community_id bigint NOT NULL,
    entity_id    text NOT NULL,
    platform     text NOT NULL,
    type         text NOT NULL,
    user_id      text,
    user_name    text,
    PRIMARY KEY (event_id, occurred_on)
) PARTITION BY RANGE (occurred_on);
CREATE INDEX happenings_of_account ON happenings (platform, user_id);
