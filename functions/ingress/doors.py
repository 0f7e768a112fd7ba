"""What all handlers share: the way to the router and to the event stream, opened once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from functions.ingress.receive import Webhook, refusal
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.domain.events import Event
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import get_logger
from waddlebot.runtime.needs import VARIABLES, Need
from waddlebot.runtime.stream_partitions import partitions_of

if TYPE_CHECKING:
    from functions.ingress.manners import Completed, Manners, Read, Unsigned, Verify
    from waddlebot.runtime.invoke import Invoker
    from waddlebot.stores.receipts import ReceiptStore
    from waddlebot.stores.streams import EventStream
    from waddlebot.stores.valkey import Client

Handler = Callable[[dict[str, Any], object], dict[str, Any]]
Build = Callable[[Environment], Webhook]

STORE_SECONDS = 1.0
"""For connecting and for each answer: whoever tells waits longer than whoever asks."""
DEFER_SECONDS = 0.15
"""The same, when most of the asking platform's patience may be over (docs/delivery.md, Time)."""
DEFER_SECONDS_AT_MOST = 0.5
_AFTER_THE_ANSWER = timedelta(seconds=0.8)
"""What is left of that patience, but for the way, when the time for an answer is over."""
_EXCHANGES = 3
"""Connecting, signing in, the script: each waits by itself."""


class Doors:
    """Opens nothing until it is used."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def ask(self, function: str, payload: bytes, deadline: datetime) -> bytes:
        """Raises Unavailable where no answer came before the deadline."""
        return self._invoke.call(function, payload, deadline=deadline)

    def store(self, events: Sequence[Event]) -> None:
        """Raises Unavailable where the streams server did not take them."""
        self._stream.append(events)

    def defer(self, event: Event, dead_owner: str) -> None:
        """Once more where the first try failed: doing it twice is harmless. Raises Unavailable.

        With what patience is left, which is much where a router died early: whoever is told
        that nothing came while the server did store it reads two answers.
        """
        try:
            self._receipts.defer(event, dead_owner=dead_owner)
        except Unavailable:
            patience = _patience_left(event, datetime.now(UTC))
            self._receipts_with(patience).defer(event, dead_owner=dead_owner)

    @cached_property
    def _invoke(self) -> Invoker:
        # Told events, which are most, need no HTTP client.
        from waddlebot.runtime.invoke import Invoker

        return Invoker(self._environment)

    @cached_property
    def _stream(self) -> EventStream:
        # The redis client costs more than a whole answer; asked events rarely need it.
        from waddlebot.stores.streams import EventStream

        return EventStream(self._connect(STORE_SECONDS), partitions_of(self._environment))

    @cached_property
    def _receipts(self) -> ReceiptStore:
        return self._receipts_with(DEFER_SECONDS)

    def _receipts_with(self, patience_seconds: float) -> ReceiptStore:
        from waddlebot.stores.receipts import ReceiptStore

        return ReceiptStore(self._connect(patience_seconds), partitions_of(self._environment))

    def _connect(self, patience_seconds: float) -> Client:
        from waddlebot.runtime.entering import address_of
        from waddlebot.stores import valkey

        at = address_of(self._environment, VARIABLES[Need.STREAMS])
        return valkey.connect(at, patience_seconds)


def _patience_left(event: Event, now: datetime) -> float:
    """Seconds for each exchange with the server."""
    left = (event.asked_until or now) + _AFTER_THE_ANSWER - now
    return min(DEFER_SECONDS_AT_MOST, max(DEFER_SECONDS, left.total_seconds() / _EXCHANGES))


def webhook_of(
    platform: str,
    *,
    verify: Verify,
    read: Read,
    manners: Manners,
    signed_with: str,
    once: bool = False,
    unsigned: Unsigned | None = None,
    completed: Completed | None = None,
) -> Build:
    """How this webhook is made; `signed_with` is the variable that holds the platform's secret.

    Making it raises Rejected (503) while that is not set.
    """

    def build(environment: Environment) -> Webhook:
        doors = Doors(environment)
        return Webhook(
            verify=verify,
            read=read,
            manners=manners,
            secret=_secret_in(environment, platform, signed_with),
            ask=doors.ask,
            store=doors.store,
            defer=doors.defer,
            log=get_logger(f"ingress-{platform}"),
            once=once,
            unsigned=unsigned,
            completed=completed,
        )

    return build


def _secret_in(environment: Environment, platform: str, name: str) -> str:
    if secret := environment.find(name):
        return secret
    get_logger(f"ingress-{platform}").warning("webhooks are refused", not_set=name)
    raise Rejected(
        503,
        "NOT_SET",
        f"Webhooks of {platform.title()} are not set up here yet: the operator has to set {name}.",
    )


def serve(build: Build) -> Handler:
    """What Lambda calls with API Gateway's event (payload 2.0); made at the first one."""

    @cache
    def of_process() -> Webhook:
        return build(Environment.of_process())

    def handler(aws_event: dict[str, Any], _context: object) -> dict[str, Any]:
        try:
            webhook = of_process()
        except Rejected as rejected:
            return refusal(rejected)
        return webhook.receive(aws_event)

    return handler
