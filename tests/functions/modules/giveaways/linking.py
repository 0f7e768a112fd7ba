"""Makes one person of accounts, as the house does once both sides agreed."""

from __future__ import annotations

from waddlebot.stores.postgres import Connection


def seen(connection: Connection, platform: str, user_id: str, login: str) -> None:
    """As somebody of the community that tests are in."""
    connection.execute(
        "INSERT INTO communities (id, name, version) OVERRIDING SYSTEM VALUE"
        " VALUES (1, 'Demo', '1') ON CONFLICT DO NOTHING"
    )
    connection.execute(
        "INSERT INTO community_members (community_id, platform, user_id, name, role)"
        " VALUES (1, %s, %s, %s, 'user')",
        (platform, user_id, login),
    )


def link(connection: Connection, *accounts: tuple[str, str]) -> None:
    """Each is `(platform, user id)`, which nobody linked before."""
    (row,) = connection.execute("INSERT INTO people DEFAULT VALUES RETURNING id").fetchall()
    for platform, user_id in accounts:
        connection.execute(
            "INSERT INTO identities (platform, user_id, person_id, name) VALUES (%s, %s, %s, %s)",
            (platform, user_id, row["id"], user_id.title()),
        )
