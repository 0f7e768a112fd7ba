-- Modules of the house read here which accounts are one person, and nothing else of people: not
-- when they were linked, nor who asked for it.
CREATE VIEW linked_accounts AS SELECT platform, user_id, person_id, name FROM identities;
