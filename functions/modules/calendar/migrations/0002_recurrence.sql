-- What comes back: a rule of RFC 5545 over wall time in this zone, from its first date on.
ALTER TABLE events
    ADD COLUMN recurring_pattern text NOT NULL DEFAULT '',
    ADD COLUMN first_date timestamp,
    -- Its last date; NULL where it goes on, or comes once.
    ADD COLUMN recurring_end_date timestamptz,
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC',
    ADD CONSTRAINT events_that_come_back CHECK ((recurring_pattern = '') = (first_date IS NULL)),
    DROP CONSTRAINT events_status_check,
    ADD CONSTRAINT events_status_check
        CHECK (status IN ('draft', 'pending', 'approved', 'rejected', 'cancelled'));

-- One date of those, by the wall time that the rule gives it: moved, or cancelled where it is NULL.
CREATE TABLE event_dates (
    event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    original_date timestamp NOT NULL,
    moved_to timestamptz,
    PRIMARY KEY (event_id, original_date)
);
