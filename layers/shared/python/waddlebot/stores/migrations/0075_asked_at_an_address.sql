-- What a module's web address asks of a service and must not be done twice is noted as calls are:
-- `came_to` is that address, null of calls.
ALTER TABLE module_effects ADD COLUMN came_to text;

-- What modules wished and was not done, the newest first.
CREATE INDEX command_executions_refused ON command_executions (occurred_at, execution_id)
    WHERE refused IS NOT NULL;
