-- Whoever connected it may end it: their connections are looked up by that. `why` stands with what
-- was disconnected, too: a sentence for its owner.
CREATE INDEX connections_of_who_connected ON connections (connected_by) WHERE connected_by <> '';
