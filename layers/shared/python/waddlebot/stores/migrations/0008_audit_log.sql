-- Who changed what, and how it was before. Nothing in it is ever changed or removed.
CREATE TABLE audit_log (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    changed_at   timestamptz NOT NULL DEFAULT now(),
    who          text NOT NULL,
    action       text NOT NULL,
    about        text NOT NULL,
    community_id bigint REFERENCES communities,
    before       jsonb,
    after        jsonb
);
CREATE INDEX audit_log_of_community ON audit_log (community_id, id DESC)
    WHERE community_id IS NOT NULL;
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only added to';
END $$;
CREATE TRIGGER audit_log_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();
