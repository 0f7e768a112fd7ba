-- Keys end, are told apart without being known, and say when they were used last.
ALTER TABLE api_keys
    ADD COLUMN kind text NOT NULL DEFAULT 'module',
    ADD COLUMN hint text NOT NULL DEFAULT '',
    ADD COLUMN created_by text NOT NULL DEFAULT '',
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN last_used_at timestamptz,
    ADD COLUMN uses bigint NOT NULL DEFAULT 0;
UPDATE api_keys SET kind = CASE
    WHEN 'admin' = ANY(scopes) THEN 'admin' WHEN 'collector' = ANY(scopes) THEN 'collector'
    ELSE 'module' END;
