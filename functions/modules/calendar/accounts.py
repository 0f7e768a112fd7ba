"""Whose accounts are one person's: the house says it by its function `linked_accounts`.

Its tables are closed to modules. Answers stand by account; what is asked here is asked inside of
the statements that read them, so that it costs none of its own.
"""

from __future__ import annotations

from typing import LiteralString

MINE: LiteralString = """
    mine AS MATERIALIZED (
        SELECT %(platform)s::text AS platform, %(user)s::text AS user_id
        UNION (SELECT platform, user_id
            FROM linked_accounts(ARRAY[%(platform)s::text], ARRAY[%(user)s::text])
            LIMIT 10)  -- one a platform; so each is looked up, and no table is read for them
    )"""
"""A part of WITH: all accounts of the person `platform` and `user`."""

PEOPLE: LiteralString = """
    known AS MATERIALIZED (
        SELECT same.* FROM (
            SELECT array_agg(platform) AS platforms, array_agg(user_id) AS user_ids
            FROM event_attendees WHERE event_id = %(event)s
        ) AS asked, linked_accounts(platforms, user_ids) AS same
    ), people AS (
        SELECT DISTINCT ON (coalesce(known.person_id::text, platform || ':' || user_id)) guest.*
        FROM event_attendees AS guest LEFT JOIN known USING (platform, user_id)
        WHERE guest.event_id = %(event)s
        ORDER BY coalesce(known.person_id::text, platform || ':' || user_id),
            array_position(ARRAY['attending', 'waiting', 'maybe', 'not_attending'], guest.status),
            guest.joined_at, guest.id
    )"""
"""A part of WITH: one answer a person to the `event`. Of accounts that were linked after each of
them had answered the one that comes counts, and the longest wait (decision 0193)."""


def of_mine(statement: LiteralString) -> LiteralString:
    return f"WITH {MINE} {statement}"


def of_people(statement: LiteralString) -> LiteralString:
    return f"WITH {PEOPLE} {statement}"


def of_both(statement: LiteralString) -> LiteralString:
    """Both are there."""
    return f"WITH {MINE}, {PEOPLE} {statement}"
