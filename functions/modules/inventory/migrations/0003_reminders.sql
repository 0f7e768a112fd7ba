ALTER TABLE inventory_loans
    -- How to come back to this person and place; null of what was lent before there were reminders.
    ADD COLUMN later jsonb,
    -- The rows that remind of the day; written together with it.
    ADD COLUMN due_ids bigint[] NOT NULL DEFAULT '{}',
    -- Which of them were said of this day.
    ADD COLUMN reminded text[] NOT NULL DEFAULT '{}';
CREATE INDEX inventory_loans_late ON inventory_loans (community_id, due_at);
