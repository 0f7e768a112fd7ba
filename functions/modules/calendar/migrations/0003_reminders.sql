-- What is said before one date of an event, and when it begins; each with the row that fires it.
CREATE TABLE event_reminders (
    event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    event_date timestamptz NOT NULL,
    reminder_time timestamptz NOT NULL,
    due_id bigint NOT NULL,
    sent_at timestamptz,
    PRIMARY KEY (event_id, event_date, reminder_time)
);
