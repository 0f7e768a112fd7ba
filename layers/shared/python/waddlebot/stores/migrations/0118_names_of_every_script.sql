-- Names of aliases and custom commands are kept as they are looked up, in NFKC: what was kept as a
-- keyboard of East Asia types it would be found no more. Where both were there, the plain one is.
UPDATE custom_counters SET counter = lower(normalize(counter, NFKC))
WHERE counter <> lower(normalize(counter, NFKC)) AND EXISTS (
    SELECT FROM custom_commands AS named
    WHERE named.community_id = custom_counters.community_id AND named.name = counter
) AND NOT EXISTS (
    SELECT FROM custom_counters AS other WHERE other.community_id = custom_counters.community_id
        AND other.counter <> custom_counters.counter
        AND lower(normalize(other.counter, NFKC)) = lower(normalize(custom_counters.counter, NFKC))
);
UPDATE aliases SET alias = lower(normalize(alias, NFKC))
WHERE alias <> lower(normalize(alias, NFKC)) AND NOT EXISTS (
    SELECT FROM aliases AS other WHERE other.community_id = aliases.community_id
        AND other.id <> aliases.id
        AND lower(normalize(other.alias, NFKC)) = lower(normalize(aliases.alias, NFKC))
);
UPDATE custom_commands SET name = lower(normalize(name, NFKC))
WHERE name <> lower(normalize(name, NFKC)) AND NOT EXISTS (
    SELECT FROM custom_commands AS other WHERE other.community_id = custom_commands.community_id
        AND other.id <> custom_commands.id
        AND lower(normalize(other.name, NFKC)) = lower(normalize(custom_commands.name, NFKC))
);
UPDATE alias_counters SET counter = lower(normalize(counter, NFKC))
WHERE counter <> lower(normalize(counter, NFKC)) AND NOT EXISTS (
    SELECT FROM alias_counters AS other WHERE other.community_id = alias_counters.community_id
        AND other.counter <> alias_counters.counter
        AND lower(normalize(other.counter, NFKC)) = lower(normalize(alias_counters.counter, NFKC))
);
