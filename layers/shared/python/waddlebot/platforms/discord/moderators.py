"""Where those who moderate a server surely look: a channel of theirs, else the owner's messages.

Docs: "Guild Object", "Permissions" (how they are computed), "Channel Object".
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.entities import channel_entity, parse_entity
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.delivering import Delivered, Delivery, HttpAnswer, HttpCall, State, refused
from waddlebot.platforms.discord.api import DiscordApi, settled
from waddlebot.platforms.discord.people import moderates
from waddlebot.platforms.discord.render import body_of
from waddlebot.platforms.fields import id_at, number_at, text_at

KEPT_SECONDS = 300.0
"""A channel that was hidden so long ago may be open by now, not longer."""
MOST_TRIED = 3
_ADMINISTRATOR, _VIEW, _SEND = 1 << 3, 1 << 10, 1 << 11
_TEXT = 0
_OF_MEMBER = 1
_FOR_THEM = ("public_updates_channel_id", "safety_alerts_channel_id", "system_channel_id")
"""Where Discord itself tells moderators of things, if everybody else is kept out."""

Asking = Generator[HttpCall, HttpAnswer, "ModeratedServer | Delivered"]


def tell_moderators(reply: Reply, api: DiscordApi) -> Delivery:
    """Never in the open: where no hidden channel takes it, the owner alone reads it."""
    server = parse_entity(reply.entity).channel
    found: ModeratedServer | Delivered = yield from _look(server, api)
    if isinstance(found, Delivered):
        return found
    for channel in found.hidden()[:MOST_TRIED]:
        told: Delivered = yield from _post(channel, reply, server, api)
        if told.state is not State.REFUSED:
            return told
    return (yield from _tell_owner(found.owner, reply, server, api))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratedServer:
    """As much of it as says who reads what; `bot` and its `roles` are ours.

    `about` is Discord's guild object, `channels` its channel objects.
    """

    about: Mapping[str, Any]
    channels: Sequence[Mapping[str, Any]]
    bot: str
    roles: frozenset[str]

    @property
    def id(self) -> str:
        """Also of the role that everybody has."""
        return id_at(self.about, "id")

    @property
    def owner(self) -> str:
        return id_at(self.about, "owner_id")

    def hidden(self) -> list[str]:
        """Channels where nobody but who moderates is let in and the bot may write, the best first.

        One with members of its own is none: it is for somebody who asks the team.
        """
        fit = [one for one in self.channels if self._is_hidden(one) and self._may_write(one)]
        return [id_at(one, "id") for one in sorted(fit, key=self._turn)]

    def _is_hidden(self, channel: Mapping[str, Any]) -> bool:
        return (
            number_at(channel, "type") == _TEXT
            and all(_is_of_moderators(role) for role in self._roles() if self._sees(channel, role))
            and not any(_bits(one, "allow") & _VIEW for one in self._guests(channel))
        )

    def _sees(self, channel: Mapping[str, Any], role: Mapping[str, Any]) -> bool:
        return self._may(_VIEW, channel, {id_at(role, "id")})

    def _guests(self, channel: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        known = {self.bot, self.owner}
        members = (one for one in _overwrites(channel) if number_at(one, "type") == _OF_MEMBER)
        return [one for one in members if id_at(one, "id") not in known]

    def _may_write(self, channel: Mapping[str, Any]) -> bool:
        return self._may(_VIEW | _SEND, channel, self.roles, member=self.bot)

    def _may(
        self, wanted: int, channel: Mapping[str, Any], roles: Collection[str], member: str = ""
    ) -> bool:
        """What who has these roles may there: all of `wanted`."""
        may = 0
        for role in self._roles():
            if id_at(role, "id") in {self.id, *roles}:
                may |= _bits(role, "permissions")
        if may & _ADMINISTRATOR:
            return True
        for whose in ({self.id}, {*roles} - {self.id}, {member}):
            # Of several roles what one allows counts more than what another denies.
            own = [one for one in _overwrites(channel) if id_at(one, "id") in whose]
            for one in own:
                may &= ~_bits(one, "deny")
            for one in own:
                may |= _bits(one, "allow")
        return may & wanted == wanted

    def _turn(self, channel: Mapping[str, Any]) -> tuple[int, int]:
        named, own = [id_at(self.about, name) for name in _FOR_THEM], id_at(channel, "id")
        turn = named.index(own) if own in named else len(named)
        return turn, int(number_at(channel, "position") or 0)

    def _roles(self) -> list[Mapping[str, Any]]:
        return _objects(self.about.get("roles"))


def _is_of_moderators(role: Mapping[str, Any]) -> bool:
    """Or of a program, which tells nobody."""
    return moderates(_bits(role, "permissions")) or role.get("managed") is True


def _overwrites(channel: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _objects(channel.get("permission_overwrites"))


def _objects(value: object) -> list[Mapping[str, Any]]:
    """All of them: a server has 250 roles and 500 channels at most."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _look(server: str, api: DiscordApi) -> Asking:
    """The server, or why nobody there can be told."""
    me = yield _asked("/users/@me", api)
    bot = id_at(me.json, "id")
    about = yield _asked(f"/guilds/{server}", api)
    channels = yield _asked(f"/guilds/{server}/channels", api)
    member = yield _asked(f"/guilds/{server}/members/{bot}", api)
    for answer in (me, about, channels, member):
        if answer.status >= 300 or answer.json is None:
            where = parse_entity(channel_entity("discord", server))
            return api.judge(answer) or settled(answer, "see who moderates", where, needs="Bot")
    return ModeratedServer(
        about=about.json,
        channels=_objects(channels.json),
        bot=bot,
        roles=frozenset(map(str, member.json.get("roles") or ())),
    )


def _asked(path: str, api: DiscordApi) -> HttpCall:
    return api.call("GET", path, bucket=f"moderators:{path}", kept_seconds=KEPT_SECONDS)


def _post(channel: str, reply: Reply, server: str, api: DiscordApi) -> Delivery:
    body = {**body_of(reply.text), "nonce": reply.id, "enforce_nonce": True}
    answer = yield api.post_message(channel, body)
    where = parse_entity(channel_entity("discord", channel, server=server))
    return api.judge(answer) or settled(answer, "write", where, needs="Send Messages")


def _tell_owner(owner: str, reply: Reply, server: str, api: DiscordApi) -> Delivery:
    if not owner:
        return refused("Discord does not say who owns the server.")
    body = {"recipient_id": owner}
    opened = yield api.call("POST", "/users/@me/channels", body, bucket="direct")
    channel = id_at(opened.json, "id")
    if opened.status < 300 and channel:
        told: Delivered = yield from _post(channel, reply, server, api)
        if told.state is not State.REFUSED:
            return told
    elif (waiting := api.judge(opened)) is not None:
        return waiting
    return refused(
        "No channel of the server is hidden from everybody with me in it, and its owner takes no "
        "direct messages. Its community can name a channel by the setting moderators."
    )


def _bits(what: Mapping[str, Any], name: str) -> int:
    text = text_at(what, name)
    return int(text) if text.isdecimal() else 0
