-- Patterns of earlier releases, and those that ask what a text is not or for its case, see what was
-- typed; all others see it also as people read it.
ALTER TABLE string_rules ADD COLUMN raw boolean NOT NULL DEFAULT true;
