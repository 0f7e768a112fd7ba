"""Rows that have served their time."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from waddlebot.domain.sessions import USUAL_KEEP_DAYS
from waddlebot.stores.postgres import Connection

STATEMENTS: dict[LiteralString, LiteralString] = {
    "messages": """
        DELETE FROM messages USING communities
        WHERE messages.community_id = communities.id
            AND communities.settings #> '{waddlebot,keep_days}' IS NOT NULL
            AND messages.occurred_at < %(now)s
                - (communities.settings #>> '{waddlebot,keep_days}')::int * interval '1 day'
    """,
    # Days that only some communities keep: there is little of others in them.
    "messages kept as usual": """
        DELETE FROM messages USING communities
        WHERE messages.community_id = communities.id
            AND messages.occurred_on < %(now)s::date - %(usual_days)s::int
            AND communities.settings #> '{waddlebot,keep_days}' IS NULL
    """,
    "happenings": """
        DELETE FROM happenings USING communities
        WHERE happenings.community_id = communities.id
            AND communities.settings #> '{waddlebot,keep_days}' IS NOT NULL
            AND happenings.occurred_at < %(now)s
                - (communities.settings #>> '{waddlebot,keep_days}')::int * interval '1 day'
    """,
    # Longer than any redelivery: an execution id comes back within the life of its receipt.
    # What is in doubt is listed until an operator has looked, or for a month.
    "module_effects": """
        DELETE FROM module_effects
        WHERE at < %(now)s - CASE WHEN unsure THEN interval '30 days' ELSE interval '2 days' END
    """,
    "reputation_deeds": "DELETE FROM reputation_deeds WHERE until < %(now)s - interval '1 day'",
    "entity_labels": "DELETE FROM entity_labels WHERE expires_at < %(now)s",
    "identity_codes": "DELETE FROM identity_codes WHERE created_at < %(now)s - interval '1 hour'",
    "identity_guesses": "DELETE FROM identity_guesses WHERE since < %(now)s - interval '1 hour'",
    "community_invites": "DELETE FROM community_invites WHERE expires_at < %(now)s",
    "user_api_keys": """
        DELETE FROM user_api_keys WHERE expires_at < %(now)s - interval '30 days'
    """,
    "due": "DELETE FROM due WHERE fired_at < %(now)s - interval '7 days'",
    # What happened is listed for a day (0107).
    "overlay_pushes": """
        DELETE FROM overlay_pushes WHERE expires_at < %(now)s
            - CASE WHEN content ? 'listed' THEN interval '1 day' ELSE interval '1 hour' END
    """,
}


def sweep_leftovers(connection: Connection, now: datetime) -> dict[str, int]:
    """Deletes them, and says how many of each table. `{table: rows}`."""
    return {
        table: connection.execute(statement, {"now": now, "usual_days": USUAL_KEEP_DAYS}).rowcount
        for table, statement in STATEMENTS.items()
    }
