-- Whose login that is, by whoever was seen last under it in a community; null where nobody was. A
-- function of its own, so that nothing of it is planned where nobody is called by a login.
CREATE FUNCTION seen_as(in_community bigint, on_platform text, login text)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT user_id FROM (
            SELECT user_id, occurred_at AS at FROM messages
            WHERE community_id = in_community AND platform = on_platform
                AND lower(user_name) = login
            UNION ALL SELECT user_id, occurred_at FROM command_executions
            WHERE community_id = in_community AND platform = on_platform
                AND lower(user_name) = login
            UNION ALL SELECT user_id, coalesce(last_message_at, '-infinity') FROM reputation
            WHERE community_id = in_community AND platform = on_platform AND lower(name) = login
            UNION ALL SELECT user_id, '-infinity' FROM community_members
            WHERE community_id = in_community AND platform = on_platform AND lower(name) = login
        ) AS seen WHERE user_id IS NOT NULL ORDER BY at DESC LIMIT 1
    );
END
$$;
