"""What somebody is in a server, of which direct messages say nothing.

Docs: "Guild Object", "Guild Member Object", "Permissions" (how those of a whole server add up).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.known_people import KnownPerson
from waddlebot.platforms.discord.people import role_of
from waddlebot.platforms.fields import id_at, number_at


def read_standing(server: Mapping[str, Any], member: Mapping[str, Any], user: str) -> KnownPerson:
    """From a server with its roles and one of its members, both as Discord says them.

    Without a member it is nobody's.

    `server` and `member` are Discord's guild and member objects.
    """
    here = id_at(server, "id")
    if not member:
        return KnownPerson(home=f"discord:server:{here}")
    held, permissions = {here, *map(str, _items(member, "roles"))}, 0
    for role in _items(server, "roles"):
        if id_at(role, "id") in held:
            permissions |= max(number_at(role, "permissions") or 0, 0)
    guild, told = {"owner_id": id_at(server, "owner_id")}, {"permissions": permissions}
    return KnownPerson(
        home=f"discord:server:{here}",
        role=role_of({"guild": guild, "member": told}, user),
        is_member=True,
    )


def _items(payload: Mapping[str, Any], name: str) -> list[Any]:
    """All of them: a server has up to 250 roles."""
    found = payload.get(name)
    return found if isinstance(found, list) else []
