-- Pictures and sounds of a community. The bytes lie in a bucket, under keys that these rows name.
CREATE TABLE media_files (
    id           text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    title        text NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('image', 'sound')),
    size         bigint NOT NULL CHECK (size > 0),
    state        text NOT NULL CHECK (state IN ('asked', 'reading', 'ready', 'refused')),
    why          text NOT NULL DEFAULT '',
    ending       text NOT NULL DEFAULT '',
    width        integer NOT NULL DEFAULT 0,
    height       integer NOT NULL DEFAULT 0,
    seconds      double precision NOT NULL DEFAULT 0,
    asked_at     timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    UNIQUE (community_id, title),
    CHECK ((state = 'ready') = (ending <> ''))
);
CREATE INDEX media_files_unfinished ON media_files (asked_at) WHERE state <> 'ready';

-- What is to go from the bucket, however its row went: also with its community.
CREATE TABLE doomed_media (
    key   text PRIMARY KEY,
    since timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION doom_media() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO doomed_media (key)
    VALUES ('incoming/' || OLD.community_id || '/' || OLD.id)
    ON CONFLICT DO NOTHING;
    IF OLD.ending <> '' THEN
        INSERT INTO doomed_media (key)
        VALUES ('media/' || OLD.community_id || '/' || OLD.id || '.' || OLD.ending)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER media_files_doomed AFTER DELETE ON media_files
    FOR EACH ROW EXECUTE FUNCTION doom_media();
