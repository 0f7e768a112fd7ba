-- How many lines people wrote in a place since a module first asked; the record of a batch counts
-- them in the statement that it is anyway. A place that nobody asked about has no row.
CREATE TABLE lines_heard (
    entity_id text PRIMARY KEY,
    lines     bigint NOT NULL DEFAULT 0,
    last_at   timestamptz
);

-- What fires later may wait for people to talk as well: until that many lines were heard there.
ALTER TABLE due ADD COLUMN after_lines bigint;
-- What its module neither cancels nor plans anew fires again after so long: where the place is quiet
-- or the module is off it was not called.
ALTER TABLE due ADD COLUMN again_seconds integer;
DROP INDEX due_next;
CREATE INDEX due_next ON due (at) WHERE fired_at IS NULL AND after_lines IS NULL;
CREATE INDEX due_after_lines ON due (entity_id) WHERE fired_at IS NULL AND after_lines IS NOT NULL;

-- For modules, which enter as users of their own and read neither table: from the first call on it
-- is counted there.
CREATE FUNCTION hear_lines(place text) RETURNS TABLE (lines bigint, last_at timestamptz)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO lines_heard (entity_id) VALUES (place) ON CONFLICT DO NOTHING;
    SELECT known.lines, known.last_at FROM lines_heard AS known WHERE known.entity_id = place;
$$;

-- Whether a channel of this community is on air; null where no channel of it is looked at.
CREATE FUNCTION is_on_air(community bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT bool_or(claim.is_live)
    FROM entities AS place JOIN coordination AS claim ON claim.platform = place.platform
        AND claim.channel_id IN (
            split_part(place.entity_id, ':', 3), split_part(place.also_called, ':', 3)
        )
    WHERE place.platform = 'twitch' AND place.community_id = community;
$$;
