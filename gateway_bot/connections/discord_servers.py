"""What Discord says once per server and leaves out of each line: roles, owner, channel names, and
which channel a thread belongs to."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from gateway_bot.connections.discord_voices import Voices
from waddlebot.platforms.discord.places import as_channel, parent_of
from waddlebot.platforms.fields import id_at, number_at, raw_text_at, text_at

_CHANNEL_LINK = re.compile(r"<#(\d{1,20})>")
_ROLE_MENTION = re.compile(r"<@&(\d{1,20})>")
_EVERYTHING = (1 << 53) - 1
MOST_THREADS = 3_000
"""Of a server; Discord has 1000 that are not archived. Who forgets one asks for it again."""


class Server(msgspec.Struct, kw_only=True):
    """`threads` have their channel's id, or nothing where Discord said that it is no thread.

    `is_told` once it has said which channels and threads there are.
    """

    owner: str = ""
    permissions: dict[str, int] = {}
    roles: dict[str, str] = {}
    channels: dict[str, str] = {}
    threads: dict[str, str] = {}
    is_told: bool = False

    def knows(self, channel: str) -> bool:
        """Whether it is said of it what it is."""
        return channel in self.threads or (self.is_told and channel in self.channels)

    def learn_threads(self, channels: Iterable[Any]) -> None:
        for one in channels:
            if (thread := id_at(one, "id")) and (parent := parent_of(one)):
                self.channels[thread] = text_at(one, "name")
                self.note(thread, parent)

    def note(self, channel: str, parent: str) -> None:
        """Which channel it is a thread of, if of any."""
        self.threads.pop(channel, None)  # what was told last is forgotten last
        self.threads[channel] = parent
        if len(self.threads) > MOST_THREADS:
            first = next(iter(self.threads))
            if self.threads.pop(first):
                self.channels.pop(first, None)


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
            self._of(payload).roles.update(_names([payload.get("role")]))
        elif name in ("CHANNEL_CREATE", "CHANNEL_UPDATE"):
            self._of(payload).channels.update(_names([payload]))
        elif name in ("THREAD_CREATE", "THREAD_UPDATE"):
            self._of(payload).learn_threads([payload])
        elif name == "THREAD_LIST_SYNC":
            self._of(payload).learn_threads(_items(payload, "threads"))

    def keep(self, servers: Iterable[str]) -> None:
        """These alone: a new session says which there are, and tells of each anew."""
        self.known = {one: self.known.get(one, Server()) for one in servers}

    def complete(self, payload: dict[str, Any]) -> dict[str, Any]:
        """A line as an interaction would carry it: with its thread's channel and, of a member, with
        permissions, owner and names."""
        server = self.known.get(id_at(payload, "guild_id"))
        if server is None:
            return payload
        payload = _in_its_channel(payload, server)
        member = payload.get("member")
        if not isinstance(member, dict) or "permissions" in member:
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
            "mention_channels": _linked(raw_text_at(payload, "content"), server.channels),
            "mentioned_roles": _linked(
                raw_text_at(payload, "content"), server.roles, mark=_ROLE_MENTION
            ),
        }

    def _learn_server(self, payload: Mapping[str, Any]) -> None:
        server = self._at(id_at(payload, "id"))
        server.owner = id_at(payload, "owner_id") or server.owner
        server.permissions.update(_permissions(_items(payload, "roles")))
        server.roles.update(_names(_items(payload, "roles")))
        server.channels.update(_names(_items(payload, "channels")))
        server.learn_threads(_items(payload, "threads"))
        server.is_told = server.is_told or "channels" in payload

    def _of(self, payload: Mapping[str, Any]) -> Server:
        return self._at(id_at(payload, "guild_id"))

    def _at(self, server: str) -> Server:
        """One without an id is learned of and forgotten."""
        return self.known.setdefault(server, Server()) if server else Server()


def _items(payload: Mapping[str, Any], name: str) -> list[Any]:
    """All of them: a server has more channels than a line has items."""
    found = payload.get(name)
    return found if isinstance(found, list) else []


def _in_its_channel(payload: dict[str, Any], server: Server) -> dict[str, Any]:
    channel = id_at(payload, "channel_id")
    parent, name = server.threads.get(channel, ""), server.channels.get(channel, "")
    if not (parent or name):
        return payload
    return {**payload, "channel": as_channel(channel, name=name, parent=parent)}


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


def _linked(
    text: str, names: Mapping[str, str], *, mark: re.Pattern[str] = _CHANNEL_LINK
) -> list[dict[str, str]]:
    ids = dict.fromkeys(mark.findall(text))
    return [{"id": found, "name": names[found]} for found in ids if names.get(found)]
