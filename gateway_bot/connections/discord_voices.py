"""Who is in which voice channel: a frame says where somebody is now, not where they were, and
nothing says how long.

Time is counted in company alone, and not in the channel where a server sends the idle
(product facts, "Discord": voice time accrues per full minute).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from waddlebot.platforms.discord.server_events import VOICE_TIME
from waddlebot.platforms.fields import dig, id_at, objects_at

VOICE_STATE = "VOICE_STATE_UPDATE"
CHANGES = frozenset({VOICE_STATE, "GUILD_CREATE", "GUILD_DELETE"})
"""After which others may stay there than before."""

Wire = dict[str, Any]
Told = tuple[str, Wire]
"""A name and payload as of a dispatch; that of VOICE_TIME is our own."""


class Stay(msgspec.Struct):
    """`counted` seconds up to `since`, both as time.time() counts."""

    channel: str
    since: float
    counted: float = 0.0
    is_bot: bool = False


class Voices(msgspec.Struct):
    """By server, then by person; kept with the session."""

    staying: dict[str, dict[str, Stay]] = {}
    idle: dict[str, str] = {}
    """A server's channel for those who are away."""

    def learn(self, server: Mapping[str, Any], now: float) -> None:
        """From GUILD_CREATE, which has everybody who is there."""
        guild = id_at(server, "id")
        self.idle[guild] = id_at(server, "afk_channel_id")
        before = self.staying.get(guild, {})
        self.staying[guild] = {}
        for state in objects_at(server, "voice_states"):
            person, channel = id_at(state, "user_id"), id_at(state, "channel_id")
            known = before.get(person)
            stays = known is not None and known.channel == channel
            self.staying[guild][person] = known if known and stays else _stay(state, now)

    def forget(self, guild: str) -> None:
        self.staying.pop(guild, None)
        self.idle.pop(guild, None)

    def turns(self, payload: Wire, *, frame: str, now: float) -> Iterator[Told]:
        """What one frame means: leaving, how long it was, and joining; nothing for a mute.

        `frame` names it, the same however often Discord tells it.
        """
        guild, person = id_at(payload, "guild_id"), id_at(payload, "user_id")
        here, channel = self.staying.setdefault(guild, {}), id_at(payload, "channel_id")
        payload = {**payload, "frame": frame}
        stay = here.get(person)
        if stay is not None and stay.channel == channel:
            return
        if stay is not None:
            self._settle(guild, stay.channel, now)
            del here[person]
            yield VOICE_STATE, {**payload, "channel_id": None}
            minutes = int(stay.counted // 60)
            if minutes:
                yield VOICE_TIME, {**payload, "channel_id": stay.channel, "minutes": minutes}
        if channel:
            self._settle(guild, channel, now)
            here[person] = _stay(payload, now)
            yield VOICE_STATE, payload
        elif stay is None:
            yield VOICE_STATE, payload

    def _settle(self, guild: str, channel: str, now: float) -> None:
        """Before somebody comes or goes: what those who are there had together."""
        there = [one for one in self.staying[guild].values() if one.channel == channel]
        is_company = sum(not one.is_bot for one in there) > 1
        for one in there:
            if is_company and channel != self.idle.get(guild):
                one.counted += max(0.0, now - one.since)
            one.since = now


@dataclass(slots=True)
class Before:
    """Who stayed in a server before the first frame that is not stored; None where nobody was
    known to."""

    _staying: dict[str, dict[str, Stay] | None] = field(default_factory=dict)

    def remember(self, voices: Voices, guild: str) -> None:
        if guild in self._staying:
            return
        there = voices.staying.get(guild)
        self._staying[guild] = None if there is None else _copied(there)

    def put_back(self, voices: Voices) -> Voices:
        staying = {
            guild: there
            for guild, there in {**voices.staying, **self._staying}.items()
            if there is not None
        }
        return Voices(staying=staying, idle=voices.idle)


def _copied(there: Mapping[str, Stay]) -> dict[str, Stay]:
    return {person: msgspec.structs.replace(stay) for person, stay in there.items()}


def _stay(state: Mapping[str, Any], now: float) -> Stay:
    return Stay(
        channel=id_at(state, "channel_id"),
        since=now,
        is_bot=dig(state, "member", "user", "bot") is True,
    )
