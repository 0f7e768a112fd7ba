"""Whose a server is, and which of its channels are hidden: nobody is more there than that says."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.people import OWNER, StandInPerson
from waddlebot_sdk.roles import Role

_KEPT = 10_000
_VIEW, _SEND = 1 << 10, 1 << 11


class OwnedServers:
    """A server is Olga's, with Max as a moderator, until somebody else made it."""

    def __init__(self, bot_id: str) -> None:
        self._bot_id = bot_id
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._hidden: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def give(self, server: str, person: StandInPerson) -> None:
        self._owners[server] = person.ids["discord"]
        _forget_oldest(self._owners)

    def owner_of(self, server: str | None) -> str:
        return self._owners.get(server or "", OWNER.ids["discord"])

    def seen(self, person: StandInPerson, server: str | None) -> StandInPerson:
        """With the role that this person has there."""
        if server is None or server not in self._owners:
            return person
        is_owner = self.owner_of(server) == person.ids["discord"]
        return replace(person, role=Role.OWNER if is_owner else Role.USER)

    def hide(self, channel: str, for_roles: tuple[str, ...]) -> None:
        """From everybody but the bot and these roles."""
        self._hidden[channel] = for_roles
        _forget_oldest(self._hidden)

    def overwrites(self, server: str | None, channel: str) -> list[Json]:
        if channel not in self._hidden or server is None:
            return []
        seeing = _VIEW | _SEND
        return [
            _overwrite(server, kind=0, deny=_VIEW),
            _overwrite(self._bot_id, kind=1, allow=seeing),
            *(_overwrite(role, kind=0, allow=seeing) for role in self._hidden[channel]),
        ]


def _overwrite(whose: str, *, kind: int, allow: int = 0, deny: int = 0) -> Json:
    """`kind` 0 is a role, 1 a member."""
    return {"id": whose, "type": kind, "allow": str(allow), "deny": str(deny)}


def _forget_oldest(kept: OrderedDict[str, Any]) -> None:
    if len(kept) > _KEPT:
        kept.popitem(last=False)
