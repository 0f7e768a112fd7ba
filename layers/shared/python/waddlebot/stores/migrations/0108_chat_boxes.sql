-- Whose chat is shown in OBS, and of which places; of Twitch all, unless one of them is named.
-- What was written before `since` is not shown: places may have been others then.
CREATE TABLE chat_boxes (
    community_id bigint PRIMARY KEY REFERENCES communities ON DELETE CASCADE,
    places       text[] NOT NULL DEFAULT '{}',
    commands     boolean NOT NULL DEFAULT false,
    since        timestamptz NOT NULL DEFAULT now()
);
