-- What a moderator put away is no quote again because many pin it: it is looked up by its line too.
CREATE INDEX memories_of_all_lines ON memories (community_id, platform, message)
    WHERE message <> '';
