-- Whose last events stand in a corner of OBS, and how many. What they were stands in what was pushed,
-- marked by the house (functions/router/show_alerts.py).
CREATE TABLE event_lists (
    community_id bigint PRIMARY KEY REFERENCES communities ON DELETE CASCADE,
    lines        integer NOT NULL
);
CREATE INDEX overlay_pushes_listed ON overlay_pushes (community_id, number)
    WHERE content ? 'listed';

-- A media file of the community, by its title, as `image` may be one too.
ALTER TABLE alert_rules ADD COLUMN sound text NOT NULL DEFAULT '';
