-- A call that reaches out is begun before it asks anybody: whose it is, and until when. `asks`: it
-- asks for what must not be done twice. `in_doubt`: nobody knows whether that went through. The
-- release before this one begins none.
ALTER TABLE module_effects
    ADD COLUMN module text NOT NULL DEFAULT '',
    ADD COLUMN owner text,
    ADD COLUMN leased_until timestamptz,
    ADD COLUMN asks boolean NOT NULL DEFAULT false,
    ADD COLUMN in_doubt boolean NOT NULL DEFAULT false;

CREATE INDEX module_effects_in_doubt ON module_effects (at) WHERE in_doubt;
