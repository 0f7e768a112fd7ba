-- What looking for a rule costs, in steps (domain/rule_patterns.py); null is not counted yet.
ALTER TABLE string_rules ADD COLUMN cost integer;
-- When its people were told that it rests, because it costs more than rules may.
ALTER TABLE string_rules ADD COLUMN rest_told_at timestamptz;
