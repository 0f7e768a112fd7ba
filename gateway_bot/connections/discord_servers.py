"""What Discord says once per server and leaves out of each line: roles, owner, channel names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_CHANNEL_LINK = re.compile(r"<#(\d{1,20})>")
_EVERYTHING = (1 << 53) - 1


@dataclass(slots=True, kw_only=True)
class _Server:
    owner: str = ""
    permissions: dict[str, int] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)


class Servers:
    """Kept as long as the connection: READY is followed by one GUILD_CREATE a server."""

    def __init__(self) -> None:
        self._servers: dict[str, _Server] = {}

    def learn(self, name: str, payload: Mapping[str, Any]) -> None:
        """From one dispatch; what says nothing of a server is passed over."""
        if name in ("GUILD_CREATE", "GUILD_UPDATE"):
            self._learn_server(payload)
        elif name == "GUILD_DELETE":
            self._servers.pop(str(payload.get("id")), None)
        elif name in ("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE"):
            self._of(payload).permissions.update(_permissions([payload.get("role")]))
        elif name in ("CHANNEL_CREATE", "CHANNEL_UPDATE"):
            self._of(payload).channels.update(_names([payload]))

    def complete(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A member's line as an interaction would carry it: with permissions, owner and names."""
        server = self._servers.get(str(payload.get("guild_id")))
        member = payload.get("member")
        if server is None or not isinstance(member, dict) or "permissions" in member:
            return payload
        permissions = server.permissions.get(str(payload.get("guild_id")), 0)
        for role in member.get("roles") or ():
            permissions |= server.permissions.get(str(role), 0)
        if server.owner and server.owner == _person(payload, member):
            permissions = _EVERYTHING
        return {
            **payload,
            "member": {**member, "permissions": str(permissions)},
            "guild": {"owner_id": server.owner},
            "mention_channels": _linked(str(payload.get("content") or ""), server),
        }

    def _learn_server(self, payload: Mapping[str, Any]) -> None:
        server = self._servers.setdefault(str(payload.get("id")), _Server())
        server.owner = str(payload.get("owner_id") or server.owner)
        server.permissions.update(_permissions(payload.get("roles") or ()))
        server.channels.update(_names(payload.get("channels") or ()))
        server.channels.update(_names(payload.get("threads") or ()))

    def _of(self, payload: Mapping[str, Any]) -> _Server:
        return self._servers.setdefault(str(payload.get("guild_id")), _Server())


def _permissions(roles: Iterable[Any]) -> dict[str, int]:
    found = {}
    for role in roles:
        if isinstance(role, dict) and str(role.get("permissions", "")).isdigit():
            found[str(role.get("id"))] = int(role["permissions"])
    return found


def _names(channels: Iterable[Any]) -> dict[str, str]:
    return {
        str(channel.get("id")): str(channel.get("name") or "")
        for channel in channels
        if isinstance(channel, dict)
    }


def _person(payload: Mapping[str, Any], member: Mapping[str, Any]) -> str:
    author = payload.get("author") or member.get("user") or {}
    return str(author.get("id") or payload.get("user_id") or "")


def _linked(text: str, server: _Server) -> list[dict[str, str]]:
    ids = dict.fromkeys(_CHANNEL_LINK.findall(text))
    return [
        {"id": found, "name": server.channels[found]} for found in ids if found in server.channels
    ]
