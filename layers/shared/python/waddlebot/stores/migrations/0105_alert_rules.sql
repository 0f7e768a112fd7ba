-- What a community decided of its alerts. Of a kind without a row it is as usual.
CREATE TABLE alert_rules (
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    kind         text NOT NULL,
    platform     text NOT NULL DEFAULT '',
    least        bigint NOT NULL DEFAULT 0,
    most         bigint,
    is_on        boolean NOT NULL DEFAULT true,
    text         text NOT NULL DEFAULT '',
    style        text NOT NULL DEFAULT '',
    seconds      integer NOT NULL DEFAULT 8,
    image        text NOT NULL DEFAULT '',
    PRIMARY KEY (community_id, kind, platform, least)
);
