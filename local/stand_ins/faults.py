"""How the stand-ins misbehave on demand, as platforms do on their bad days."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Dropped, json_answer

ANSWERS = {
    "429": "the next calls to the platform are told to slow down (seconds: how long)",
    "5xx": "the next calls to the platform fail on its side",
    "slow": "the next calls to the platform are answered late (seconds: how late)",
    "drop": "the connection breaks off in the middle of the next answers",
}
DELIVERIES = {
    "repeat": "the last event, or event_id, is delivered again",
    "forge": "the last event, or event_id, is delivered with a forged signature",
    "out_of_order": "the next event is held back until the one after it was delivered",
}
GATEWAY = {
    "reconnect": "Discord's gateway asks the bot to reconnect and resume",
    "close": "Discord's gateway closes the connection (code: with which, 1001)",
    "invalid_session": "Discord's gateway ends the session (resumable: it does not)",
    "odd_frame": "Discord's gateway says something odd (text: what)",
    "turn_away": "Discord's gateway closes the next connections (stage: hello, identify, resume "
    "or resumed; code: with which, 0 is silence; times: how many)",
}
UNHEARD = {
    "unheard": "the answer to the next press or slash command comes when Discord waits no more "
    "(channel: where)"
}
CHAT = {"dropped": "Twitch accepts the next chat messages and drops them (is_sent: false)"}
EMBEDS = {"no_embeds": "Discord lets the bot embed nothing (channel: where)"}
CLOSED = {"closed": "people take no private messages (channel: the id of one who does not)"}
REFUSED = {
    "discord": {
        "10003": "the next messages to a channel find it deleted (channel: which)",
        "50001": "the next messages to a channel find it hidden from the bot (channel: which)",
        "50013": "the next messages to a channel are not allowed to the bot (channel: which)",
        "50035": "the next replies are to lines that nobody may reply to (channel: where)",
        "160002": "the next replies need the right to read what was written (channel: where)",
    },
    "slack": {
        "channel_not_found": "the next messages to a channel find it deleted (channel: which)",
        "is_archived": "the next messages to a channel find it archived (channel: which)",
        "not_in_channel": "the next messages to a channel find the bot outside (channel: which)",
        "thread_not_found": "the next messages to a thread find it gone (channel: where)",
    },
    "twitch": {
        "parent_gone": "the next replies are to lines that are gone (channel: where)",
        "banned": "the next messages find the bot banned (channel: where)",
    },
}
"""In the platforms' own words, where they have some."""

LIST = {
    "discord": {
        **ANSWERS,
        **DELIVERIES,
        **GATEWAY,
        **CLOSED,
        **EMBEDS,
        **UNHEARD,
        **REFUSED["discord"],
    },
    "slack": {**ANSWERS, **DELIVERIES, **REFUSED["slack"]},
    "twitch": {**ANSWERS, **DELIVERIES, **CHAT, **CLOSED, **REFUSED["twitch"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`channel` narrows a fault to calls that name this channel: tests run side by side."""

    platform: str
    what: str
    times: int = 1
    seconds: float = 1.0
    channel: str = ""


class Faults:
    """`known` are the ways to be wrong of each platform, and of the `services` that modules ask."""

    def __init__(self, services: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> None:
        self.known = {**services, **LIST}
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        self._planned.append(fault)

    def take(self, platform: str, whats: frozenset[str], spoken_of: str) -> Fault | None:
        """The next planned fault of these kinds, used up once."""
        for position, fault in enumerate(self._planned):
            if fault.platform == platform and fault.what in whats and fault.channel in spoken_of:
                self._use(position, fault)
                return fault
        return None

    async def answer(self, platform: str, request: AsgiRequest) -> AsgiAnswer | None:
        """The faulty answer to this call; None where it is to be answered as usual."""
        spoken_of = f"{request.path} {request.query} {request.body.decode(errors='replace')}"
        fault = self.take(platform, frozenset(ANSWERS), spoken_of)
        if fault is None:
            return None
        if fault.what == "slow":
            await asyncio.sleep(fault.seconds)
            return None
        if fault.what == "drop":
            raise Dropped
        return _too_many(platform, fault.seconds) if fault.what == "429" else _failed(platform)

    def _use(self, position: int, fault: Fault) -> None:
        if fault.times > 1:
            self._planned[position] = replace(fault, times=fault.times - 1)
        else:
            del self._planned[position]


def too_many_on_discord(seconds: float, *, is_global: bool = False) -> AsgiAnswer:
    # py-cord repeats a 429 only if it carries `Via`, the sign that Discord itself sent it.
    headers = {
        "via": "1.1 google",
        "retry-after": str(max(1, round(seconds))),
        "x-ratelimit-scope": "user",
        "x-ratelimit-reset-after": f"{seconds:.3f}",
        "x-ratelimit-remaining": "0",
    }
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": is_global}
    return json_answer(body, 429, headers)


def too_many_on_slack(seconds: float) -> AsgiAnswer:
    headers = {"retry-after": str(max(1, round(seconds)))}
    return json_answer({"ok": False, "error": "ratelimited"}, 429, headers)


def too_many_on_twitch(reset_epoch: int) -> AsgiAnswer:
    headers = {
        "ratelimit-limit": "800",
        "ratelimit-remaining": "0",
        "ratelimit-reset": str(reset_epoch),
    }
    body = {"error": "Too Many Requests", "status": 429, "message": "Too Many Requests"}
    return json_answer(body, 429, headers)


def _too_many(platform: str, seconds: float) -> AsgiAnswer:
    return {
        "discord": lambda: too_many_on_discord(seconds),
        "slack": lambda: too_many_on_slack(seconds),
        "twitch": lambda: too_many_on_twitch(int(time.time() + seconds + 0.999)),
    }[platform]()


def _failed(platform: str) -> AsgiAnswer:
    return {
        "discord": json_answer({"message": "503: Service Unavailable", "code": 0}, 503),
        "slack": json_answer({"ok": False, "error": "internal_error"}, 500),
        "twitch": json_answer({"error": "Service Unavailable", "status": 503, "message": ""}, 503),
    }[platform]
