-- What is played on a channel that is on air, as its platform says it; nothing off air.
ALTER TABLE coordination ADD COLUMN game text NOT NULL DEFAULT '';
