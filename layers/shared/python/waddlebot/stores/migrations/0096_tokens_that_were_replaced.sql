-- A token that another took the place of has a row of its own until its service has heard that it
-- ended: of a kind that says what it was, as `replaced:channel:3`. Nobody speaks with it any more.
ALTER TABLE connections ADD CONSTRAINT connections_replaced_are_ended
    CHECK (NOT kind ^@ 'replaced:' OR state = 'disconnected');
