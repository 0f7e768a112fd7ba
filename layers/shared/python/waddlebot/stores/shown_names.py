"""What people and places are called, for whoever reads their ids otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.stores.postgres import Postgres


def names_of_places(postgres: Postgres, places: Iterable[EntityId]) -> Mapping[EntityId, str]:
    """As the platform said them last; a whole server by its oldest place. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT asked.id, coalesce(nullif(own.shown_name, ''), split_part(own.also_called, ':', 3), (
            SELECT shown_name FROM entities AS fellow
            WHERE fellow.platform || ':server:' || fellow.server_id = asked.id AND shown_name <> ''
            ORDER BY created_at, entity_id LIMIT 1
        )) AS name
        FROM unnest(%(places)s::text[]) AS asked (id)
        LEFT JOIN entities AS own ON own.entity_id = asked.id
        """,
        {"places": sorted(set(places))},
    )
    return {EntityId(row["id"]): row["name"] for row in rows if row["name"]}


def names_of_channels(
    postgres: Postgres, channels: Iterable[Account], communities: Iterable[int]
) -> Mapping[Account, str]:
    """Those of these communities, by a channel's own id: which server it is in is not known.

    Raises Unavailable.
    """
    asked = sorted(set(channels))
    rows = postgres.write(
        """
        SELECT asked.platform, asked.id, max(shown_name) AS name
        FROM unnest(%(platforms)s::text[], %(ids)s::text[]) AS asked (platform, id)
        JOIN entities ON entities.platform = asked.platform
            AND split_part(split_part(entity_id, ':', 3), '/', 2) = asked.id
        WHERE community_id = ANY(%(communities)s) AND shown_name <> ''
        GROUP BY asked.platform, asked.id
        """,
        {
            "platforms": [one for one, _ in asked],
            "ids": [one for _, one in asked],
            "communities": list(communities),
        },
    )
    return {Account(row["platform"], row["id"]): row["name"] for row in rows}


def names_of_people_in(
    postgres: Postgres, people: Iterable[Account], communities: Iterable[int]
) -> Mapping[Account, str]:
    """As they were called last in these communities; what others call them is not told there.

    Raises Unavailable.
    """
    asked = sorted(set(people))
    rows = postgres.write(
        """
        SELECT platform, user_id, coalesce((
            SELECT name FROM reputation
            WHERE (reputation.platform, reputation.user_id) = (asked.platform, asked.user_id)
                AND community_id = ANY(%(communities)s)
                AND name <> '' ORDER BY last_message_at DESC NULLS LAST LIMIT 1
        ), (
            SELECT user_name FROM messages
            WHERE (messages.platform, messages.user_id) = (asked.platform, asked.user_id)
                AND community_id = ANY(%(communities)s)
                AND user_name <> '' ORDER BY occurred_at DESC LIMIT 1
        ), (
            SELECT name FROM community_members AS member
            WHERE (member.platform, member.user_id) = (asked.platform, asked.user_id)
                AND community_id = ANY(%(communities)s) AND name <> '' LIMIT 1
        )) AS name
        FROM unnest(%(platforms)s::text[], %(users)s::text[]) AS asked (platform, user_id)
        """,
        {
            "platforms": [one for one, _ in asked],
            "users": [one for _, one in asked],
            "communities": list(communities),
        },
    )
    return {Account(row["platform"], row["user_id"]): row["name"] for row in rows if row["name"]}


def names_of_people(postgres: Postgres, people: Iterable[Account]) -> Mapping[Account, str]:
    """As they were called last, wherever that was. Raises Unavailable."""
    asked = sorted(set(people))
    rows = postgres.write(
        """
        SELECT platform, user_id, coalesce((
            SELECT name FROM reputation
            WHERE (reputation.platform, reputation.user_id) = (asked.platform, asked.user_id)
                AND name <> '' ORDER BY last_message_at DESC NULLS LAST LIMIT 1
        ), (
            SELECT user_name FROM messages
            WHERE (messages.platform, messages.user_id) = (asked.platform, asked.user_id)
                AND user_name <> '' ORDER BY occurred_at DESC LIMIT 1
        ), (
            SELECT name FROM community_members AS member
            WHERE (member.platform, member.user_id) = (asked.platform, asked.user_id)
                AND name <> '' LIMIT 1
        ), (
            SELECT name FROM identities
            WHERE (identities.platform, identities.user_id) = (asked.platform, asked.user_id)
        )) AS name
        FROM unnest(%(platforms)s::text[], %(users)s::text[]) AS asked (platform, user_id)
        """,
        {"platforms": [one for one, _ in asked], "users": [one for _, one in asked]},
    )
    return {Account(row["platform"], row["user_id"]): row["name"] for row in rows if row["name"]}
