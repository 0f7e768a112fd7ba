-- Modules that count people count a person once, whichever account acts. They see nothing else of
-- who is linked with whom: of accounts that they know, those of the same people.
-- For many accounts at once; who has linked nothing is not there.
CREATE FUNCTION linked_accounts(platforms text[], user_ids text[])
RETURNS TABLE (platform text, user_id text, person_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT other.platform, other.user_id, other.person_id FROM identities AS other
    WHERE other.person_id IN (
        SELECT mine.person_id FROM identities AS mine
        JOIN unnest($1, $2) AS asked (platform, user_id)
            ON mine.platform = asked.platform AND mine.user_id = asked.user_id
    )
$$;
