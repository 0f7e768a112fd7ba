-- Communities in which a module waits for somebody's first line ever, since when, and how many it
-- was told of in the minute that began then.
CREATE TABLE first_lines_awaited (
    community_id bigint NOT NULL,
    module       text NOT NULL,
    since        timestamptz NOT NULL DEFAULT clock_timestamp(),
    minute_at    timestamptz NOT NULL DEFAULT 'epoch',
    fired        integer NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, module)
);

-- Who wrote there since a module waits; the record of a batch notes it in the statement that it is
-- anyway. Where none waits nobody has a row.
CREATE TABLE first_lines (
    community_id bigint NOT NULL,
    platform     text NOT NULL,
    user_id      text NOT NULL,
    said_at      timestamptz NOT NULL,
    PRIMARY KEY (community_id, platform, user_id)
);
CREATE INDEX first_lines_of_account ON first_lines (platform, user_id);

-- What the record found for a module fires as what it is.
ALTER TABLE due ADD COLUMN fires_as text NOT NULL DEFAULT 'due';

-- Whether the house knows of any account of this person that it wrote in this community, or in this
-- place before it came to the community; as it was before the statement that asks. In plpgsql, so
-- that it is planned where somebody is new, and not with each record.
CREATE FUNCTION has_written(community bigint, place text, on_platform text, account text)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM accounts_of(on_platform, account) AS mine WHERE EXISTS (
            SELECT FROM first_lines AS known
            WHERE (known.community_id, known.platform, known.user_id)
                = (community, mine.platform, mine.user_id)
        ) OR EXISTS (
            SELECT FROM reputation AS known
            WHERE (known.community_id, known.platform, known.user_id)
                = (community, mine.platform, mine.user_id) AND last_message_at IS NOT NULL
        ) OR EXISTS (
            SELECT FROM community_members AS known
            WHERE (known.community_id, known.platform, known.user_id)
                = (community, mine.platform, mine.user_id)
        ) OR EXISTS (
            SELECT FROM messages AS known
            WHERE (known.platform, known.user_id) = (mine.platform, mine.user_id)
                AND (known.community_id = community OR known.entity_id = place)
        )
    );
END
$$;

-- For modules, which enter as users of their own and read none of these tables.
CREATE FUNCTION await_first_lines(community bigint, for_module text, is_wanted boolean) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM first_lines_awaited
    WHERE NOT is_wanted AND (community_id, module) = (community, for_module);
    INSERT INTO first_lines_awaited (community_id, module)
    SELECT community, for_module WHERE is_wanted ON CONFLICT DO NOTHING;
$$;
