"""Which workspaces of Slack belong to an organisation that let the app in as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from waddlebot.stores.postgres import Connection, Postgres


def keep_workspaces(connection: Connection, account: str, teams: Sequence[str]) -> None:
    """`account` is the organisation's connection; it has these from now on, beside others."""
    connection.execute(
        """
        INSERT INTO slack_workspaces (team, account)
        SELECT team, %(account)s FROM unnest(%(teams)s::text[]) AS team
        ON CONFLICT (team) DO UPDATE SET account = excluded.account, told_at = now()
        """,
        {"account": account, "teams": sorted(set(teams))},
    )


def leave_workspaces(connection: Connection, account: str, teams: Sequence[str]) -> None:
    connection.execute(
        "DELETE FROM slack_workspaces WHERE account = %(account)s AND team = ANY(%(teams)s)",
        {"account": account, "teams": list(teams)},
    )


def organisation_of(postgres: Postgres, team: str) -> str:
    """The account of its connection, or nothing. Raises Unavailable."""
    rows = postgres.write(
        "SELECT account FROM slack_workspaces WHERE team = %(team)s", {"team": team}
    )
    return str(rows[0]["account"]) if rows else ""


def end_workspace(postgres: Postgres, team: str, *, at: datetime) -> bool:
    """Slack itself ended its tokens then; what was connected again since stays. Raises Unavailable.

    Nothing has to be opened for it: there is nothing left to be revoked.
    """
    rows = postgres.write(
        """
        UPDATE connections SET state = 'disconnected', why = '', sealed = NULL, key_version = NULL,
            expires_at = NULL, generation = generation + 1, renewing_by = NULL,
            renewing_until = NULL, renewing_tries = 0
        WHERE service = 'slack' AND account = %(team)s AND kind = 'bot'
            AND connected_at < %(at)s + interval '1 s' -- Slack says whole seconds
            AND state <> 'disconnected'
        RETURNING 1
        """,
        {"team": team, "at": at},
    )
    return bool(rows)
