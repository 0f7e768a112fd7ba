-- Whoever disconnects wants the tokens ended at their service, too: until it has heard of that they
-- stay in the row, sealed, and `revoke_at` is when it is asked next. Who connects again makes them
-- good again. `unrevoked`: the service was never reached, and the owner is told.
ALTER TABLE connections
    DROP CONSTRAINT connections_check1,
    ADD COLUMN revoke_at    timestamptz,
    ADD COLUMN revoke_tries integer NOT NULL DEFAULT 0,
    ADD COLUMN unrevoked    boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT connections_sealed_while_good
        CHECK (state = 'connected' OR sealed IS NULL OR revoke_at IS NOT NULL);
CREATE INDEX connections_to_revoke ON connections (revoke_at) WHERE revoke_at IS NOT NULL;
CREATE INDEX connections_unrevoked ON connections (service) WHERE unrevoked;
