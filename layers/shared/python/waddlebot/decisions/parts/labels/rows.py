"""All labels. The road reads those of a person who speaks, with the person."""

from __future__ import annotations

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(
    for_text={
        "labels": """(
            SELECT jsonb_object_agg(labels.name, color) FROM labels
            WHERE labels.community_id = communities.id
        )""",
        # What has run out is none.
        "labelled": """(
            SELECT jsonb_agg(to_jsonb(own) || jsonb_build_object('name', labels.name))
            FROM entity_labels AS own JOIN labels ON labels.id = label_id
            WHERE own.community_id = communities.id
                AND (expires_at IS NULL OR expires_at > now())
        )""",
    }
)
