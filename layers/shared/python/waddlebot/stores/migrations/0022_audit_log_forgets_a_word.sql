-- A change that names somebody who is to be forgotten keeps all the rest of what it says.
CREATE OR REPLACE FUNCTION forget_in_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.changed_at, NEW.action, NEW.community_id)
            IS DISTINCT FROM (OLD.id, OLD.changed_at, OLD.action, OLD.community_id)
        OR NEW.who NOT IN (OLD.who, 'somebody')
        OR (NEW.about <> OLD.about AND position('somebody' IN NEW.about) = 0)
        OR (NEW.before IS DISTINCT FROM OLD.before AND NOT coalesce(NEW.before ? 'forgotten', false))
        OR (NEW.after IS DISTINCT FROM OLD.after AND NOT coalesce(NEW.after ? 'forgotten', false))
    THEN
        RAISE EXCEPTION 'the audit log is only added to';
    END IF;
    RETURN NEW;
END $$;
