-- What a module of the house that keeps things about people may ask of the house's own tables, which
-- it cannot read: which accounts are one person's, and whose a login is (decisions 0178 and 0181).
-- Both run as the owner of the tables, and answer about the accounts that they are asked about.

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

CREATE FUNCTION known_login(in_community bigint, on_platform text, login text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT seen_as(in_community, on_platform, login)
$$;
