-- Keys of people: with one its person does over the API what they may, five at once, for a year.
-- `made_by` is the call that made it: delivered again, it makes another one in its place.
CREATE TABLE user_api_keys (
    key_hash     bytea PRIMARY KEY,
    platform     text NOT NULL,
    user_id      text NOT NULL,
    user_name    text NOT NULL,
    name         text NOT NULL,
    hint         text NOT NULL,
    made_by      text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    renewed_at   timestamptz,
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    uses         bigint NOT NULL DEFAULT 0
);
CREATE INDEX user_api_keys_of_person ON user_api_keys (platform, user_id);
