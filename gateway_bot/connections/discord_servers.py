"""What Discord says once per server and leaves out of each line: roles, owner, channel names."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway_bot.connections.discord_voices import Voices

_CHANNEL_LINK = re.compile(r"<#(\d{1,20})>")
_EVERYTHING = (1 << 53) - 1


class Server(msgspec.Struct, kw_only=True):
    owner: str = ""
    permissions: dict[str, int] = {}
    channels: dict[str, str] = {}


class Servers(msgspec.Struct):
    """Kept as long as the session: READY is followed by one GUILD_CREATE a server."""

    known: dict[str, Server] = {}
    voices: Voices = msgspec.field(default_factory=Voices)

    def learn(self, name: str, payload: Mapping[str, Any]) -> None:
        """From one dispatch; what says nothing of a server is passed over."""
        if name in ("GUILD_CREATE", "GUILD_UPDATE"):
            self._learn_server(payload)
            if name == "GUILD_CREATE":
                self.voices.learn(payload, time.time())
        elif name == "GUILD_DELETE" and not payload.get("unavailable"):
            self.known.pop(str(payload.get("id")), None)
            self.voices.forget(str(payload.get("id")))
        elif name in ("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE"):
            self._of(payload).permissions.update(_permissions([payload.get("role")]))
        elif name in ("CHANNEL_CREATE", "CHANNEL_UPDATE"):
            self._of(payload).channels.update(_names([payload]))

    def keep(self, servers: Iterable[str]) -> None:
        """These alone: a new session says which there are, and tells of each anew."""
        self.known = {one: self.known.get(one, Server()) for one in servers}

    def complete(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A member's line as an interaction would carry it: with permissions, owner and names."""
        server = self.known.get(str(payload.get("guild_id")))
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
        server = self.known.setdefault(str(payload.get("id")), Server())
        server.owner = str(payload.get("owner_id") or server.owner)
        server.permissions.update(_permissions(payload.get("roles") or ()))
        server.channels.update(_names(payload.get("channels") or ()))
        server.channels.update(_names(payload.get("threads") or ()))

    def _of(self, payload: Mapping[str, Any]) -> Server:
        return self.known.setdefault(str(payload.get("guild_id")), Server())


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


def _linked(text: str, server: Server) -> list[dict[str, str]]:
    ids = dict.fromkeys(_CHANNEL_LINK.findall(text))
    return [
        {"id": found, "name": server.channels[found]} for found in ids if found in server.channels
    ]
