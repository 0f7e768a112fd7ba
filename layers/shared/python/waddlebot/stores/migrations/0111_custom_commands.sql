-- Commands that a community has of its own: `!hello` says a text with variables in it. What they
-- count is no decision, and makes no new version of the community.
CREATE TABLE custom_commands (
    id               bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    community_id     bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    name             text NOT NULL,
    text             text NOT NULL,
    role             text NOT NULL DEFAULT 'user',
    cooldown_seconds integer NOT NULL DEFAULT 0,
    enabled          boolean NOT NULL DEFAULT true,
    UNIQUE (community_id, name)
);
CREATE TABLE custom_counters (
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    counter      text NOT NULL,
    counted      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, counter)
);
