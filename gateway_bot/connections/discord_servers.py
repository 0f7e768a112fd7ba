"""What Discord says once per server and leaves out of each line: roles, owner, channel names."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway_bot.connections.discord_voices import Voices
from waddlebot.platforms.fields import id_at, number_at, raw_text_at, text_at

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
            self.known.pop(id_at(payload, "id"), None)
            self.voices.forget(id_at(payload, "id"))
        elif name in ("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE"):
            self._of(payload).permissions.update(_permissions([payload.get("role")]))
        elif name in ("CHANNEL_CREATE", "CHANNEL_UPDATE"):
            self._of(payload).channels.update(_names([payload]))

    def keep(self, servers: Iterable[str]) -> None:
        """These alone: a new session says which there are, and tells of each anew."""
        self.known = {one: self.known.get(one, Server()) for one in servers}

    def complete(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A member's line as an interaction would carry it: with permissions, owner and names."""
        server = self.known.get(id_at(payload, "guild_id"))
        member = payload.get("member")
        if server is None or not isinstance(member, dict) or "permissions" in member:
            return payload
        permissions = server.permissions.get(id_at(payload, "guild_id"), 0)
        for role in _items(member, "roles"):
            permissions |= server.permissions.get(str(role), 0)
        if server.owner and server.owner == _person(payload, member):
            permissions = _EVERYTHING
        return {
            **payload,
            "member": {**member, "permissions": str(permissions)},
            "guild": {"owner_id": server.owner},
            "mention_channels": _linked(raw_text_at(payload, "content"), server),
        }

    def _learn_server(self, payload: Mapping[str, Any]) -> None:
        server = self._at(id_at(payload, "id"))
        server.owner = id_at(payload, "owner_id") or server.owner
        server.permissions.update(_permissions(_items(payload, "roles")))
        server.channels.update(_names(_items(payload, "channels")))
        server.channels.update(_names(_items(payload, "threads")))

    def _of(self, payload: Mapping[str, Any]) -> Server:
        return self._at(id_at(payload, "guild_id"))

    def _at(self, server: str) -> Server:
        """One without an id is learned of and forgotten."""
        return self.known.setdefault(server, Server()) if server else Server()


def _items(payload: Mapping[str, Any], name: str) -> list[Any]:
    """All of them: a server has more channels than a line has items."""
    found = payload.get(name)
    return found if isinstance(found, list) else []


def _permissions(roles: Iterable[Any]) -> dict[str, int]:
    return {
        id_at(role, "id"): permissions
        for role in roles
        if (permissions := number_at(role, "permissions")) is not None and permissions >= 0
    }


def _names(channels: Iterable[Any]) -> dict[str, str]:
    return {found: text_at(one, "name") for one in channels if (found := id_at(one, "id"))}


def _person(payload: Mapping[str, Any], member: Mapping[str, Any]) -> str:
    return (
        id_at(payload, "author", "id") or id_at(member, "user", "id") or id_at(payload, "user_id")
    )


def _linked(text: str, server: Server) -> list[dict[str, str]]:
    ids = dict.fromkeys(_CHANNEL_LINK.findall(text))
    return [
        {"id": found, "name": server.channels[found]} for found in ids if found in server.channels
    ]
