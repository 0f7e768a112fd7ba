-- What a module of the house that keeps things about people may ask of the house's own tables, which
-- it cannot read: whether two accounts are one person's, and whose a login is (decision 0181). They
-- run as the owner of the tables, and answer about the one account that is asked for.
CREATE FUNCTION linked_accounts(text, text) RETURNS TABLE (platform text, user_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT * FROM accounts_of($1, $2)
$$;

CREATE FUNCTION known_login(in_community bigint, on_platform text, login text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT seen_as(in_community, on_platform, login)
$$;
