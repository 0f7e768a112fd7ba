-- Community functions that hear what happens in a community: whoever owns it has said so.
CREATE TABLE installed_modules (
    community_id bigint NOT NULL REFERENCES communities,
    module       text NOT NULL,
    installed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (community_id, module)
);
