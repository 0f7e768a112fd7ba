-- A key of one community opens nothing of any other, and in its own what its role may.
ALTER TABLE api_keys
    ADD COLUMN community_id bigint REFERENCES communities,
    ADD COLUMN role text NOT NULL DEFAULT 'user';
