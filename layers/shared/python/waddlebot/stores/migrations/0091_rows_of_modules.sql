-- Modules enter the database as users of their own, and of what all of them share each sees its own
-- rows: what fires later, and what a call has done already. Written out, as a function would be
-- looked up and taken apart again for each statement.
ALTER TABLE due ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON due USING (
    current_user IN ('waddlebot_app', 'waddlebot_' || replace(module, '-', '_'))
);

-- Whose a call was stood here only where it reached out.
UPDATE module_effects SET module = ran.module
FROM command_executions AS ran
WHERE ran.execution_id = module_effects.execution_id AND module_effects.module = '';
ALTER TABLE module_effects ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON module_effects USING (
    current_user IN ('waddlebot_app', 'waddlebot_' || replace(module, '-', '_'))
);
