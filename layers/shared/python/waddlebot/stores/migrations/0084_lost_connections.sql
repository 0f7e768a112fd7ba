-- Who connected it, as `platform:user`, and of which generation its owner was told that it was lost:
-- NULL of none. Whoever connects it again makes another generation, whose loss is told again.
ALTER TABLE connections ADD COLUMN connected_by text NOT NULL DEFAULT '';
ALTER TABLE connections ADD COLUMN told_generation bigint;
CREATE INDEX connections_lost ON connections (service) WHERE state = 'lost';
