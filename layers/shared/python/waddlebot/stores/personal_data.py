"""What the house's own tables hold about a person: how each is told, and how it is forgotten.

A contract test finds columns that hold people in tables that are not declared here. What modules
keep is theirs (waddlebot_sdk.PersonalData).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.mentions import find_person, forget_mentions
from waddlebot.stores.person_words import NamedAccount
from waddlebot.stores.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldData:
    """`tell` and `forget` know `%(platform)s`, `%(user)s` and `%(key)s` (`platform:user`).

    Without `tell` a table holds nothing that the person would not find elsewhere. Without `forget`
    the rows of the account go. `called` is how people call one row of what is told, and several.
    """

    forget: LiteralString = ""
    tell: LiteralString = ""
    called: tuple[str, str] = ("", "")


_FORGET = sql.SQL("DELETE FROM {} WHERE platform = %(platform)s AND user_id = %(user)s")
HELD: Mapping[str, HeldData] = {
    # Found by the calls of the person, so before those.
    "module_effects": HeldData(
        forget="""
            DELETE FROM module_effects USING command_executions AS ran
            WHERE module_effects.execution_id = ran.execution_id
                AND ran.platform = %(platform)s AND ran.user_id = %(user)s
        """,
    ),
    "messages": HeldData(
        called=("line of chat", "lines of chat"),
        tell="""
            SELECT occurred_at, entity_id, user_name, text FROM messages
            WHERE platform = %(platform)s AND user_id = %(user)s ORDER BY occurred_at
        """,
    ),
    "happenings": HeldData(
        called=("thing that happened", "things that happened"),
        tell="""
            SELECT occurred_at, entity_id, user_name, type FROM happenings
            WHERE platform = %(platform)s AND user_id = %(user)s ORDER BY occurred_at
        """,
    ),
    "departures": HeldData(
        tell="""
            SELECT community_id, type, departed_at, until FROM departures
            WHERE platform = %(platform)s AND user_id = %(user)s
        """,
    ),
    "command_executions": HeldData(
        called=("command or rule", "commands and rules"),
        tell="""
            SELECT occurred_at, entity_id, module, command, arguments, reason
            FROM command_executions WHERE platform = %(platform)s AND user_id = %(user)s
            ORDER BY occurred_at
        """,
    ),
    "community_members": HeldData(
        called=("role", "roles"),
        tell="""
            SELECT community_id, entity_id, role, name FROM community_members
            WHERE platform = %(platform)s AND user_id = %(user)s
        """,
    ),
    "entity_labels": HeldData(
        called=("label", "labels"),
        tell="""
            SELECT entity_labels.community_id, labels.name, expires_at FROM entity_labels
            JOIN labels ON labels.id = label_id WHERE kind = 'user' AND thing = %(key)s
        """,
        forget="DELETE FROM entity_labels WHERE kind = 'user' AND thing = %(key)s",
    ),
    "reputation": HeldData(
        called=("score", "scores"),
        tell="""
            SELECT community_id, name, points, events, standing FROM reputation
            WHERE platform = %(platform)s AND user_id = %(user)s
        """,
    ),
    "reputation_events": HeldData(
        called=("thing that earned points", "things that earned points"),
        tell="""
            SELECT occurred_at, community_id, event_name, points FROM reputation_events
            WHERE platform = %(platform)s AND user_id = %(user)s ORDER BY occurred_at
        """,
    ),
    "reputation_deeds": HeldData(
        called=("deed that counts once", "deeds that count once"),
        tell="""
            SELECT since, community_id, deed, until FROM reputation_deeds
            WHERE platform = %(platform)s AND user_id = %(user)s ORDER BY since
        """,
    ),
    # What went to others, or came from them, stays theirs: each account has rows of its own.
    "point_moves": HeldData(
        called=("gift of points", "gifts of points"),
        tell="""
            SELECT moved_at, community_id, amount FROM point_moves
            WHERE platform = %(platform)s AND user_id = %(user)s ORDER BY moved_at
        """,
    ),
    "leaderboard_hidden": HeldData(
        called=(
            "community whose leaderboards leave you out",
            "communities whose leaderboards leave you out",
        ),
        tell="""
            SELECT community_id FROM leaderboard_hidden
            WHERE platform = %(platform)s AND user_id = %(user)s
        """,
    ),
    "identities": HeldData(
        called=("linked account", "linked accounts"),
        tell="""
            SELECT other.platform, other.user_id, other.name, other.linked_at
            FROM identities AS mine JOIN identities AS other USING (person_id)
            WHERE mine.platform = %(platform)s AND mine.user_id = %(user)s
        """,
        # Whoever is left alone is no person any more, and their row goes with the other's.
        forget="""
            WITH mine AS (
                SELECT person_id FROM identities
                WHERE platform = %(platform)s AND user_id = %(user)s
            ), gone AS (
                DELETE FROM identities USING mine WHERE identities.person_id = mine.person_id
                    AND ((platform, user_id) = (%(platform)s, %(user)s) OR (
                        SELECT count(*) FROM identities AS all_of
                        WHERE all_of.person_id = mine.person_id
                    ) = 2)
                RETURNING 1
            )
            SELECT count(*) FROM gone
        """,
    ),
    "people": HeldData(
        forget="""
            DELETE FROM people WHERE NOT EXISTS (
                SELECT FROM identities WHERE identities.person_id = people.id
            )
        """,
    ),
    "identity_codes": HeldData(
        # A code of somebody else that this account has typed is free again.
        forget="""
            WITH typed AS (
                UPDATE identity_codes
                SET asked_id = '', asked_name = '', asked_login = '', agreed_at = NULL
                WHERE target_platform = %(platform)s AND asked_id = %(user)s
                    AND (platform, user_id) <> (%(platform)s, %(user)s)
            )
            DELETE FROM identity_codes WHERE platform = %(platform)s AND user_id = %(user)s
        """,
    ),
    "identity_guesses": HeldData(),
    # What a person connected, and what speaks as their own account. Of tokens nothing is told.
    "connections": HeldData(
        called=("connected account", "connected accounts"),
        tell="""
            SELECT connected_at, service, account, kind, name, scopes, state, expires_at, why
            FROM connections WHERE (owner_kind, owner_id) = ('person', %(key)s)
                OR (owner_kind <> 'house' AND (service, account) = (%(platform)s, %(user)s))
                OR connected_by = %(key)s
        """,
        forget="""
            WITH led AS (
                UPDATE connections SET connected_by = '' WHERE connected_by = %(key)s
                    AND owner_kind <> 'person'
                    AND (service, account) <> (%(platform)s, %(user)s)
            )
            DELETE FROM connections WHERE (owner_kind, owner_id) = ('person', %(key)s)
                OR (owner_kind <> 'house' AND (service, account) = (%(platform)s, %(user)s))
        """,
    ),
    "user_api_keys": HeldData(
        called=("API key", "API keys"),
        tell="""
            SELECT created_at, name, hint, renewed_at, expires_at, last_used_at, uses
            FROM user_api_keys WHERE platform = %(platform)s AND user_id = %(user)s
            ORDER BY created_at
        """,
    ),
    "community_invites": HeldData(
        forget="DELETE FROM community_invites WHERE invited_by = %(key)s",
    ),
    "string_rules": HeldData(
        called=("rule that you made", "rules that you made"),
        tell="SELECT community_id, id, string FROM string_rules WHERE added_by = %(key)s",
        forget="""
            UPDATE string_rules
            SET added_by = CASE added_by WHEN %(key)s THEN '' ELSE added_by END,
                off_by = CASE off_by WHEN %(key)s THEN '' ELSE off_by END
            WHERE %(key)s IN (added_by, off_by)
        """,
    ),
    "first_lines": HeldData(
        tell="""
            SELECT community_id, said_at FROM first_lines
            WHERE platform = %(platform)s AND user_id = %(user)s
        """,
    ),
    "due": HeldData(
        forget="""
            DELETE FROM due
            WHERE split_part(entity_id, ':', 1) = %(platform)s AND person ->> 'id' = %(user)s
        """,
    ),
    # Values that name the person among others: see mentions.py.
    "audit_log": HeldData(
        called=("change that you made", "changes that you made"),
        tell="SELECT changed_at, action, about FROM audit_log WHERE who = %(key)s",
        forget="""
            UPDATE audit_log SET who = CASE who WHEN %(key)s THEN 'somebody' ELSE who END,
                about = regexp_replace(about, %(word)s, 'somebody', 'g')
            WHERE who = %(key)s OR about ~ %(word)s
        """,
    ),
    # What stays of it keeps an event that is told again from being shown again.
    "overlay_pushes": HeldData(
        called=("event that OBS lists, for a day", "events that OBS lists, for a day"),
        tell="""
            SELECT made_at, content ->> 'content' AS shown FROM overlay_pushes
            WHERE content ? 'listed' AND content ->> 'listed' = %(key)s ORDER BY number
        """,
        forget="""
            UPDATE overlay_pushes SET content =
                '{"success": true, "response_action": "control", "control": "count"}'
            WHERE content ? 'listed' AND content ->> 'listed' = %(key)s
        """,
    ),
    "erasures": HeldData(
        called=("wish to be forgotten", "wishes to be forgotten"),
        tell="SELECT asked_at FROM erasures WHERE platform = %(platform)s AND user_id = %(user)s",
    ),
}
GOES_BY_ITSELF: Mapping[str, str] = {}
"""Beside them what an overlay shows, which is gone after an hour."""
NOBODYS: Mapping[str, str] = {
    "api_keys": "accounts of programs, and of those who made them",
    "coordination": "gateways",
}
"""Columns that are named as if they held people."""


def accounts(connection: Connection, account: Account) -> list[Account]:
    """All of the person that one of them is."""
    rows = connection.execute(
        "SELECT * FROM accounts_of(%(platform)s, %(user)s)",
        {"platform": account.platform, "user": account.user_id},
    )
    return [Account(row["platform"], row["user_id"]) for row in rows]


def communities_of(connection: Connection, account: Account) -> list[CommunityId]:
    """Where somebody has left something: modules are asked there."""
    rows = connection.execute(
        """
        SELECT community_id FROM reputation
        WHERE platform = %(platform)s AND user_id = %(user)s
        UNION SELECT community_id FROM community_members
        WHERE platform = %(platform)s AND user_id = %(user)s
        UNION SELECT community_id FROM messages
        WHERE platform = %(platform)s AND user_id = %(user)s
        UNION SELECT community_id FROM command_executions
        WHERE platform = %(platform)s AND user_id = %(user)s
        ORDER BY community_id
        """,
        {"platform": account.platform, "user": account.user_id},
    )
    return [CommunityId(row["community_id"]) for row in rows]


def tell(connection: Connection, account: Account) -> dict[str, list[dict[str, Any]]]:
    """By table, what is known of this account."""
    about = _about(account)
    return {
        table: [dict(row) for row in connection.execute(held.tell, about)]
        for table, held in HELD.items()
        if held.tell
    }


def forget(connection: Connection, account: Account) -> None:
    person = find_person(connection, account)
    forget_mentions(connection, person, communities_of(connection, account))
    about = _about(account)
    for table, held in HELD.items():
        connection.execute(held.forget or _FORGET.format(sql.Identifier(table)), about)


def _about(account: Account) -> dict[str, Any]:
    """`word` finds the account's key among words."""
    person = NamedAccount(*account)
    return {
        "platform": account.platform,
        "user": account.user_id,
        "key": person.key,
        "word": person.word,
    }
