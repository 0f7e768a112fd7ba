"""What may be typed next, asked of the router while somebody types a command.

question    {"v": 1, "completing": Completing}
its answer  {"v": 1, "choices": [{"value", "shown"}…]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.releases import refuse_newer
from waddlebot_sdk.completions import (
    AUTOCOMPLETE,
    Choice,
    choices_from_wire,
    choices_to_wire,
)

VERSION = 1
PATIENCE = timedelta(seconds=1.5)
"""Of the three seconds for which Discord's client waits, and nobody waits for a list that long."""
OF_MODULES = timedelta(seconds=1.2)
"""From the same moment on: what is late is left out, and the rest is offered."""
_KEY = "completing"
_OF_ARGUMENT = f"{AUTOCOMPLETE}:"


class Completing(msgspec.Struct, frozen=True, kw_only=True):
    """`event` says who types, where, and since when (`occurred_at`); it is no event that is routed.

    `path` is the command that was picked, and `argument` where its person types, with what the
    others hold in `given`; without a path `typed` is a line as in chat, without its prefix.
    """

    event: Event
    typed: str
    path: str = ""
    argument: str = ""
    given: Mapping[str, str] = msgspec.field(default_factory=dict)
    v: int = VERSION


def is_completing(payload: Mapping[str, Any]) -> bool:
    """`payload` is what the router was handed: a batch of events, or this."""
    return _KEY in payload


def encode_completing(asked: Completing) -> bytes:
    return msgspec.json.encode({"v": VERSION, _KEY: asked})


def decode_completing(payload: Mapping[str, Any]) -> Completing:
    """What `encode_completing` made. Raises OfNewerRelease; msgspec.ValidationError: it is none."""
    refuse_newer(payload, VERSION, "who asks the router")
    return msgspec.convert(payload[_KEY], Completing)


def encode_choices(choices: Iterable[Choice]) -> dict[str, Any]:
    """The answer, as above."""
    return {"v": VERSION, **choices_to_wire(choices)}


def decode_choices(answer: bytes) -> tuple[Choice, ...]:
    """Raises Unavailable: it is no answer."""
    try:
        return choices_from_wire(msgspec.json.decode(answer))
    except msgspec.DecodeError as error:
        raise Unavailable("the router", str(error)) from error


def arguments_as_events(arguments: Iterable[str]) -> list[str]:
    """What a command's module is asked while an argument of it is typed, as rows keep it."""
    return [f"{_OF_ARGUMENT}{argument}" for argument in arguments]


def arguments_of_events(events: Sequence[Any]) -> frozenset[str]:
    """The other way; `events` are those of a row, of any release."""
    texts = (one for one in events if isinstance(one, str) and one.startswith(_OF_ARGUMENT))
    return frozenset(one.removeprefix(_OF_ARGUMENT) for one in texts)
