"""What is handed to the router and to its slow door, and what the router answers.

Ingress, the reader and the router may be of two releases for a while (docs/delivery.md). Who is
behind is read: a field that is new has a default. An answer is of the version of its batch, so
that whoever asked can read it. `VERSION` rises where that is not enough, and only then; who is of
a newer one is refused whole.

batch       {"v": 1, "events": [Event…], "owner": "…"}
its answer  {"v": 1, "results": [{"standing", "passed_on", "replies", "prefix"}…]}
slow calls  {"v": 1, "event": Event, "execution_ids": ["…"], "owner": "…"}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from waddlebot.domain.events import Event
from waddlebot.domain.releases import OfNewerRelease, refuse_newer
from waddlebot.domain.replies import Reply
from waddlebot.domain.standings import Standing

VERSION = 1


class EventBatch(msgspec.Struct, frozen=True, kw_only=True):
    """`owner` is the caller's name for this one call: with it he can end its leases, should he
    learn that it died."""

    events: tuple[Event, ...]
    owner: str
    v: int = VERSION


class Routed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one event. `replies` of asked ones alone: all others leave by stream.

    `passed_on`: a slow call of it is under way. `prefix` is what commands begin with in its
    community, empty in none.
    """

    standing: Standing
    passed_on: bool = False
    replies: tuple[Reply, ...] = ()
    prefix: str = ""

    @property
    def is_settled(self) -> bool:
        return self.standing is not Standing.BUSY and not self.passed_on


class SlowCalls(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of one event that take longer than a batch waits; its receipt is `owner`'s."""

    event: Event
    execution_ids: tuple[str, ...]
    owner: str
    v: int = VERSION


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    v: int = VERSION
    results: msgspec.Raw = msgspec.Raw(b"null")
    """Read when it is clear that it can be."""


_answers = msgspec.json.Decoder(_Answer)
_results = msgspec.json.Decoder(tuple[Routed, ...])


def encode_batch(events: Sequence[Event], owner: str) -> bytes:
    return msgspec.json.encode(EventBatch(events=tuple(events), owner=owner))


def decode_batch(payload: Mapping[str, Any]) -> EventBatch:
    """Raises OfNewerRelease; msgspec.ValidationError: it is none."""
    refuse_newer(payload, VERSION, "who asks the router")
    return msgspec.convert(payload, EventBatch)


def encode_answer(results: Sequence[Routed], to: EventBatch) -> dict[str, Any]:
    """Result n is event n's."""
    return {"v": to.v, "results": msgspec.to_builtins(results)}


def decode_answer(answer: bytes) -> tuple[Routed, ...]:
    """Raises OfNewerRelease; msgspec.DecodeError: it is none."""
    told = _answers.decode(answer)
    if told.v > VERSION:
        raise OfNewerRelease("the router", told.v, VERSION)
    return _results.decode(told.results)


def encode_slow_calls(event: Event, execution_ids: Sequence[str], owner: str) -> bytes:
    calls = SlowCalls(event=event, execution_ids=tuple(execution_ids), owner=owner)
    return msgspec.json.encode(calls)


def decode_slow_calls(payload: Mapping[str, Any]) -> SlowCalls:
    """Raises OfNewerRelease; msgspec.ValidationError: it is none."""
    refuse_newer(payload, VERSION, "who passes calls on")
    return msgspec.convert(payload, SlowCalls)
