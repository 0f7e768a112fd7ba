"""Reminders that come at once: people set none that come within ten seconds."""

from __future__ import annotations

import psycopg

from tests.helpers.house import House


def comes_now(house: House, *words: str) -> None:
    """Those with one of these words are due now; tests/journey/test_lifecycle.py waits for one."""
    with psycopg.connect(house.database_url) as connection:
        for one in words:
            moved = connection.execute(
                """
                UPDATE due SET at = now() FROM reminders
                WHERE reminders.due_id = due.id AND fired_at IS NULL
                    AND position(%s IN reminders.words) > 0
                """,
                [one],
            )
            assert moved.rowcount, one
