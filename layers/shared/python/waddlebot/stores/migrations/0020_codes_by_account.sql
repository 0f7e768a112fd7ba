-- A code is for whom it was asked for by id or by the account's own name, else for whom the asking
-- side agrees to: whoever types it first holds it, and the asking side is asked where it asked.
ALTER TABLE identity_codes
    ADD COLUMN login       text NOT NULL DEFAULT '',
    ADD COLUMN entity_id   text NOT NULL DEFAULT '',
    ADD COLUMN target_id   text NOT NULL DEFAULT '',
    ADD COLUMN asked_by    text NOT NULL DEFAULT '',
    ADD COLUMN asked_name  text NOT NULL DEFAULT '',
    ADD COLUMN asked_login text NOT NULL DEFAULT '',
    ADD COLUMN agreed_at   timestamptz;

-- Who typed codes that are none: it is they who wait, and nobody's code is used up.
CREATE TABLE identity_guesses (
    platform text NOT NULL,
    user_id  text NOT NULL,
    missed   integer NOT NULL DEFAULT 1,
    since    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (platform, user_id)
);
