-- The address that a `webhook` rule asks; the release before leaves out such rules.
ALTER TABLE string_rules ADD COLUMN webhook_url text NOT NULL DEFAULT '';
