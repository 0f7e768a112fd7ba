"""Where others call a person, in what the house keeps: those words go, their rows stay."""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.person_words import NamedAccount, callable_names, literal
from waddlebot.stores.postgres import Connection

FORGOTTEN = {"forgotten": "somebody"}
"""Beside what is left of a change in the audit log."""


def find_person(connection: Connection, account: Account) -> NamedAccount:
    """With the names that nobody else bears, but for accounts that are to be forgotten too."""
    about = {"platform": account.platform, "user": account.user_id}
    names = [
        row["name"]
        for row in connection.execute(
            """
            SELECT user_name AS name FROM messages
            WHERE platform = %(platform)s AND user_id = %(user)s AND user_name <> ''
            UNION SELECT name FROM reputation
            WHERE platform = %(platform)s AND user_id = %(user)s
            UNION SELECT name FROM community_members
            WHERE platform = %(platform)s AND user_id = %(user)s
            UNION SELECT name FROM identities
            WHERE platform = %(platform)s AND user_id = %(user)s
            """,
            about,
        )
    ]
    return NamedAccount(
        account.platform,
        account.user_id,
        callable_names(names, _borne_by_others(connection, names, about)),
    )


def _borne_by_others(connection: Connection, names: list[str], about: dict[str, str]) -> list[str]:
    rows = connection.execute(
        """
        SELECT DISTINCT lower(name) AS name FROM (
            SELECT platform, user_id, user_name AS name FROM messages
            UNION ALL SELECT platform, user_id, name FROM reputation
            UNION ALL SELECT platform, user_id, name FROM community_members
            UNION ALL SELECT platform, user_id, name FROM identities
        ) AS called
        WHERE lower(name) = ANY(%(names)s) AND user_id IS NOT NULL
            AND (platform, user_id) <> (%(platform)s, %(user)s)
            AND (platform, user_id) NOT IN (SELECT platform, user_id FROM erasures)
        """,
        {**about, "names": [name.lower() for name in names]},
    )
    return [row["name"] for row in rows]


def forget_mentions(
    connection: Connection, person: NamedAccount, communities: list[CommunityId]
) -> None:
    """In the communities where the person was, and in the audit log of all."""
    about = {
        "platform": person.platform,
        "user": person.user,
        "key": person.key,
        "communities": communities,
        "call": person.call,
        "mention": person.mention,
        "sought": person.sought,
        "described": f"%id {literal(person.user)},%",
        "named": f'%"{literal(person.user)}"%',
        "keyed": f"%{literal(person.key)}%",
        "names": [name.lower() for name in person.names],
    }
    # First what is found by the arguments that name the person.
    _forget_in_effects(connection, person, about)
    _forget_in_responses(connection, person, about)
    _forget_in_text(connection, about)
    _forget_in_audit_log(connection, person, about)


def _forget_in_effects(connection: Connection, person: NamedAccount, about: dict[str, Any]) -> None:
    """What was answered is kept for a repeated delivery, for two days.

    Whoever links accounts is named by id, also where the person never was.
    """
    rows = connection.execute(
        """
        SELECT module_effects.execution_id, response, ran.platform, arguments
        FROM module_effects JOIN command_executions AS ran USING (execution_id)
        WHERE response::text LIKE %(named)s OR response::text LIKE %(described)s OR (
            ran.community_id = ANY(%(communities)s)
            AND (response::text ILIKE ANY(%(sought)s) OR arguments ILIKE ANY(%(sought)s))
        )
        """,
        about,
    ).fetchall()
    for row in rows:
        connection.execute(
            "UPDATE module_effects SET response = %(response)s WHERE execution_id = %(id)s",
            {"id": row["execution_id"], "response": _left_of(row, "response", person)},
        )


def _forget_in_responses(
    connection: Connection, person: NamedAccount, about: dict[str, Any]
) -> None:
    rows = connection.execute(
        """
        SELECT execution_id, occurred_on, response_data, platform, arguments
        FROM command_executions WHERE community_id = ANY(%(communities)s) AND (
            response_data::text ILIKE ANY(%(sought)s) OR arguments ILIKE ANY(%(sought)s)
        )
        """,
        about,
    ).fetchall()
    for row in rows:
        connection.execute(
            """
            UPDATE command_executions SET response_data = %(response)s
            WHERE execution_id = %(id)s AND occurred_on = %(day)s
            """,
            {
                "id": row["execution_id"],
                "day": row["occurred_on"],
                "response": _left_of(row, "response_data", person),
            },
        )


def _left_of(row: dict[str, Any], column: str, person: NamedAccount) -> Jsonb | None:
    if row[column] is None:
        return None
    is_about = person.is_called_in(row["arguments"], row["platform"])
    return Jsonb(person.without_in(row[column], row["platform"], by_name=is_about))


def _forget_in_text(connection: Connection, about: dict[str, Any]) -> None:
    connection.execute(
        """
        UPDATE messages SET text = regexp_replace(text, %(call)s, '@somebody', 'gi')
        WHERE community_id = ANY(%(communities)s) AND text ~* %(call)s
        """,
        about,
    )
    connection.execute(
        """
        UPDATE messages SET text = regexp_replace(text, %(mention)s, '@somebody', 'g')
        WHERE community_id = ANY(%(communities)s) AND platform = %(platform)s AND text ~ %(mention)s
        """,
        about,
    )
    connection.execute(
        """
        UPDATE command_executions
        SET arguments = regexp_replace(arguments, %(call)s, '@somebody', 'gi')
        WHERE community_id = ANY(%(communities)s) AND arguments ~* %(call)s
        """,
        about,
    )
    connection.execute(
        """
        UPDATE command_executions
        SET arguments = regexp_replace(arguments, %(mention)s, '@somebody', 'g')
        WHERE community_id = ANY(%(communities)s) AND platform = %(platform)s
            AND arguments ~ %(mention)s
        """,
        about,
    )
    connection.execute(
        """
        UPDATE identity_codes SET target_id = 'somebody', target_name = 'somebody'
        WHERE target_platform = %(platform)s
            AND (target_id = %(user)s OR target_name = ANY(%(names)s))
        """,
        about,
    )


def _forget_in_audit_log(
    connection: Connection, person: NamedAccount, about: dict[str, Any]
) -> None:
    rows = connection.execute(
        """
        SELECT id, before, after FROM audit_log
        WHERE before::text LIKE %(keyed)s OR after::text LIKE %(keyed)s
            OR before::text LIKE %(in_text)s OR after::text LIKE %(in_text)s
        """,
        # In a community's text an account stands as `platform = "twitch", user = "88"`.
        {**about, "in_text": f'%user = \\\\"{literal(person.user)}\\\\"%'},
    ).fetchall()
    for row in rows:
        values = {name: _left_of_values(row[name], person) for name in ("before", "after")}
        if any(values[name] != row[name] for name in values):
            connection.execute(
                "UPDATE audit_log SET before = %(before)s, after = %(after)s WHERE id = %(id)s",
                {"id": row["id"], **{name: _json(one) for name, one in values.items()}},
            )


def _left_of_values(values: dict[str, Any] | None, person: NamedAccount) -> dict[str, Any] | None:
    if values is None:
        return None
    left: dict[str, Any] = person.without_in(values, person.platform)
    if isinstance(values.get("text"), str):
        left["text"] = person.without_in_text_form(values["text"])
    return left if left == values else {**left, **FORGOTTEN}


def _json(values: dict[str, Any] | None) -> Jsonb | None:
    return None if values is None else Jsonb(values)
