CREATE TABLE memory_reactions (
    memory_id bigint NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
    community_id bigint NOT NULL,
    platform text NOT NULL,
    user_id text NOT NULL,
    reaction_type text NOT NULL CHECK (reaction_type IN ('like', 'love', 'laugh', 'helpful')),
    PRIMARY KEY (memory_id, platform, user_id, reaction_type)
);
CREATE INDEX memory_reactions_of_person ON memory_reactions (community_id, platform, user_id);

-- Who wants a line of chat kept that is not kept yet.
CREATE TABLE memory_pins (
    community_id bigint NOT NULL,
    platform text NOT NULL,
    message text NOT NULL,
    user_id text NOT NULL,
    pinned_at timestamptz NOT NULL,
    PRIMARY KEY (community_id, platform, message, user_id)
);
CREATE INDEX memory_pins_by_time ON memory_pins (community_id, pinned_at);
