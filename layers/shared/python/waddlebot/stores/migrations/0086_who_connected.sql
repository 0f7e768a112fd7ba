-- Whoever connected it, as `platform:user`, may end it: their connections are looked up by that.
-- `why` stands with what was disconnected, too: a sentence for its owner.
ALTER TABLE connections ADD COLUMN IF NOT EXISTS connected_by text NOT NULL DEFAULT '';
CREATE INDEX connections_of_who_connected ON connections (connected_by) WHERE connected_by <> '';
