-- A call that reaches out is begun before it asks anybody: whose it is, and until when. `unsure`: it
-- asks for what must not be done twice, and nobody has kept what came of it. The release before this
-- one begins none.
ALTER TABLE module_effects
    ADD COLUMN module text NOT NULL DEFAULT '',
    ADD COLUMN owner text,
    ADD COLUMN leased_until timestamptz,
    ADD COLUMN unsure boolean NOT NULL DEFAULT false;

CREATE INDEX module_effects_unsure ON module_effects (at) WHERE unsure;
