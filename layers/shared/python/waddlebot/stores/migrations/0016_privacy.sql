-- Who asked to be forgotten: done within minutes, by whoever the clock wakes.
CREATE TABLE erasures (
    platform text NOT NULL,
    user_id  text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (platform, user_id)
);
CREATE INDEX messages_of_person ON messages (platform, user_id);
CREATE INDEX command_executions_of_account ON command_executions (platform, user_id);

-- What happened stays; only the name of somebody who is to be forgotten gives way to "somebody".
DROP TRIGGER audit_log_is_kept ON audit_log;
CREATE TRIGGER audit_log_is_kept BEFORE DELETE OR TRUNCATE ON audit_log
FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();
CREATE FUNCTION forget_in_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.changed_at, NEW.action, NEW.community_id)
            IS DISTINCT FROM (OLD.id, OLD.changed_at, OLD.action, OLD.community_id)
        OR NEW.who NOT IN (OLD.who, 'somebody')
        OR (NEW.about <> OLD.about AND position('somebody' IN NEW.about) = 0)
        OR (NEW.before IS DISTINCT FROM OLD.before AND NEW.before <> '{"forgotten": true}')
        OR (NEW.after IS DISTINCT FROM OLD.after AND NEW.after <> '{"forgotten": true}')
    THEN
        RAISE EXCEPTION 'the audit log is only added to';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_log_forgets BEFORE UPDATE ON audit_log
FOR EACH ROW EXECUTE FUNCTION forget_in_audit_log();
