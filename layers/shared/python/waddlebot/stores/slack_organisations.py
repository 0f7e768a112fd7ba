"""Which workspaces of Slack belong to an organisation that let the app in as a whole."""

from __future__ import annotations

from collections.abc import Sequence

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
