-- What was revoked stays so, also where an environment still holds it at the next start.
CREATE TABLE revoked_keys (
    key_hash bytea PRIMARY KEY,
    revoked_at timestamptz NOT NULL DEFAULT now()
);
