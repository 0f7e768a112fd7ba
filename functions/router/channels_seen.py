"""What Twitch says of the channels that a call is about, for a module of the house that may see it.

A command names them in its argument `streamer` or `streamers`; those of a raid are the raider's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from functions.router.others_asked import MOST_TOGETHER, OthersAsked
from waddlebot.domain.custom_stream import TWITCH, channel_named
from waddlebot.domain.matches import Match
from waddlebot.domain.triggers import CommandTrigger
from waddlebot.runtime.invoke import Invoker
from waddlebot_sdk.calls import Call
from waddlebot_sdk.grammar import parse_usage
from waddlebot_sdk.wishes import May

CHANNELS = "channels"
"""What they are called in the data of the call."""
MOST_SEEN = 3
_ARGUMENTS = ("streamer", "streamers")
_FOR_THE_MODULE = timedelta(seconds=1)
"""Left of the call's time for what it is all about."""


def with_channels(call: Call, match: Match, invoke: Invoker) -> Call:
    """With a SeenChannel each in its data; nothing raises, and nobody else is asked anything."""
    trigger = match.trigger
    if trigger.destination.is_strangers or May.SEE_CHANNELS not in trigger.may:
        return call
    until = min(datetime.now(UTC) + MOST_TOGETHER, call.deadline - _FOR_THE_MODULE)
    others = OthersAsked(invoke=invoke, session=match.session, until=until)
    if isinstance(trigger, CommandTrigger):
        seen = [others.seen(one, is_login=True) for one in _logins(trigger, match.text)]
    else:
        seen = [others.seen(one, is_login=False) for one in _raiders(call)]
    return replace(call, data={**call.data, CHANNELS: msgspec.to_builtins(seen)})


def _logins(trigger: CommandTrigger, text: str) -> Sequence[str]:
    """Each once; what is no login is nobody's channel."""
    bound = parse_usage(trigger.usage).bind(text) or {}
    words = " ".join(bound.get(name, "") for name in _ARGUMENTS).split()
    logins = dict.fromkeys(filter(None, map(channel_named, words)))
    return list(logins)[:MOST_SEEN]


def _raiders(call: Call) -> Sequence[str]:
    is_raid = call.event_type == "raid" and call.entity.platform == TWITCH
    return [call.user.id] if is_raid and call.user else []
