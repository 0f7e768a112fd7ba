"""The road of every webhook: verify, classify, then answer in time (asked) or store (told).

Nothing is acknowledged before it is stored or answered (docs/delivery.md), and no body,
however broken, ends in a 5xx: 503 says that the streams server is away, so that it comes again.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from waddlebot.domain.errors import Rejected, Unavailable, WrongMethod
from waddlebot.domain.events import Event
from waddlebot.domain.routing import Routed, decode_answer, encode_batch
from waddlebot.domain.standings import Standing
from waddlebot.platforms.fields import moment_of_epoch
from waddlebot.platforms.received import Action, Received, WebhookAnswer
from waddlebot.platforms.wording import NOT_IN_TIME
from waddlebot.runtime.invoke_errors import FunctionFailed
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.methods import as_asked, headers_of

if TYPE_CHECKING:  # types alone
    from functions.ingress.manners import Completed, Manners, Read, Unsigned, Verify
    from waddlebot.domain.completions import Completing

ROUTER = "router"
PATIENCE = timedelta(seconds=1.8)
"""Of the three seconds that Discord and Slack wait; the rest is for the way and for storing."""
_MOST_BYTES = 1 << 20
_AWAY = WebhookAnswer(status=503)
_FOR_THE_OPERATOR = frozenset({Action.LIFECYCLE, Action.REVOCATION})


class WebhookRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`at` is when the gateway took it: from there the platform's patience runs."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime

    @classmethod
    def of(cls, aws_event: Mapping[str, Any]) -> WebhookRequest:
        """From API Gateway's payload, version 2.0. Raises Rejected (400) on broken base64."""
        headers = aws_event.get("headers") or {}
        epoch_ms = (aws_event.get("requestContext") or {}).get("timeEpoch")
        taken_at = moment_of_epoch(epoch_ms / 1000) if isinstance(epoch_ms, int | float) else None
        return cls(
            headers={str(name).lower(): str(value) for name, value in headers.items()},
            body=_raw_body(aws_event),
            at=taken_at or datetime.now(UTC),
        )


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """One platform's address.

    `ask(function, payload, deadline)` is a call of another function, `store` an append to the
    event stream, `defer(event, dead_owner)` what makes an asked event a told one; all raise
    Unavailable. `once` says that a repeated question is answered with
    nothing, because the platform shows the first answer already.
    """

    verify: Verify
    read: Read
    manners: Manners
    secret: str
    ask: Callable[[str, bytes, datetime], bytes]
    store: Callable[[Sequence[Event]], None]
    defer: Callable[[Event, str], None]
    log: Logger
    once: bool = False
    unsigned: Unsigned | None = None
    completed: Completed | None = None

    def receive(self, aws_event: Mapping[str, Any]) -> dict[str, Any]:
        """An answer as API Gateway takes it (payload 2.0)."""
        try:
            _check_method(aws_event)
            request = WebhookRequest.of(aws_event)
            checked = self.unsigned(request.headers, request.body) if self.unsigned else None
            if checked is not None:
                return _wire(checked)
            self.verify(request.headers, request.body, secret=self.secret, now=request.at)
            received = self._read(request)
        except Rejected as rejected:
            self.log.warning(
                "webhook refused", category=Category.AUTH, code=rejected.code, why=rejected.message
            )
            return refusal(rejected)
        return _wire(self._answer(received))

    def _read(self, request: WebhookRequest) -> Received:
        return self.read(
            request.headers, request.body, now=request.at, asked_until=request.at + PATIENCE
        )

    def _answer(self, received: Received) -> WebhookAnswer:
        event = received.routed
        if received.completing and self.completed:
            return self._complete(received.completing, self.completed) or self._react(received)
        if event is None:
            return self._react(received)
        return self._ask(event) if event.is_asked else self._store(event)

    def _react(self, received: Received) -> WebhookAnswer:
        self._note_reaction(received)
        return received.answer or self.manners.ACCEPTED

    def _note_reaction(self, received: Received) -> None:
        """The operator must hear of lost rights; ordinary traffic stays out of the log."""
        told = {name: received.facts.get(name) for name in ("channel_id", "server_id", "status")}
        if received.action in _FOR_THE_OPERATOR:
            self.log.warning("the platform changed what it sends", action=received.action, **told)
        else:
            self.log.debug("no event came of a webhook", action=received.action, **told)

    def _complete(self, asked: Completing, completed: Completed) -> WebhookAnswer | None:
        """What is offered; None where it is not known in time: nothing there can come later."""
        from waddlebot.domain import completions  # most webhooks are none

        until = asked.event.occurred_at + completions.PATIENCE
        try:
            answer = self.ask(ROUTER, completions.encode_completing(asked), until)
            return completed(completions.decode_choices(answer))
        except Unavailable as error:  # also where the router died
            self.log.info("nothing was offered in time", why=str(error))
            return None

    def _store(self, event: Event) -> WebhookAnswer:
        try:
            self.store([event])
        except Unavailable as error:
            self.log.warning("an event was not stored", event=event.id, why=str(error))
            return _AWAY
        return self.manners.ACCEPTED

    def _ask(self, event: Event) -> WebhookAnswer:
        """The answer itself if it comes in time, else a deferral and the event on the stream."""
        owner = os.urandom(8).hex()
        try:
            routed = self._routed(event, owner)
        except FunctionFailed as error:
            self.log.warning("the router died", event=event.id, why=str(error))
            return self._defer(event, dead_owner=owner)
        except (Unavailable, msgspec.DecodeError) as error:
            self.log.warning("no answer in time", event=event.id, why=str(error))
            return self._defer(event)
        if routed.standing is Standing.DONE and self.once:
            return self.manners.ACCEPTED
        if routed.standing is Standing.SPENT:
            return self.manners.say(NOT_IN_TIME)
        if routed.standing is Standing.BUSY or routed.passed_on:
            return self._defer(event)
        return self.manners.inline(routed.replies, event)

    def _routed(self, event: Event, owner: str) -> Routed:
        until = event.asked_until or datetime.now(UTC)
        results = decode_answer(self.ask(ROUTER, encode_batch([event], owner), until))
        if len(results) != 1:
            raise Unavailable("the router")
        return results[0]

    def _defer(self, event: Event, *, dead_owner: str = "") -> WebhookAnswer:
        """As a told event it goes its way: receipts see to it that it is not run twice."""
        try:
            self.defer(event, dead_owner)
        except Unavailable as error:
            self.log.warning("an event was not deferred", event=event.id, why=str(error))
            return self.manners.say(NOT_IN_TIME)
        return self.manners.deferred(event)


def refusal(rejected: Rejected) -> dict[str, Any]:
    """As API Gateway takes it (payload 2.0)."""
    refused = _wire(WebhookAnswer(status=rejected.status, body=_error_body(rejected)))
    return {**refused, "headers": {**refused["headers"], **headers_of(rejected)}}


def _check_method(aws_event: Mapping[str, Any]) -> None:
    """Raises WrongMethod: before the signature, which nothing but a POST has."""
    if not str(as_asked(aws_event).get("routeKey", "POST ")).startswith("POST "):
        raise WrongMethod(["POST"])


def _raw_body(aws_event: Mapping[str, Any]) -> bytes:
    """The bytes as they were signed."""
    text = aws_event.get("body") or ""
    if len(text) > _MOST_BYTES * 4 // 3 + 4:  # is not even unpacked
        raise _too_large()
    if not aws_event.get("isBase64Encoded"):
        body: bytes = str(text).encode(errors="surrogatepass")
    else:
        try:
            body = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Rejected(400, "BROKEN_BODY", "The body is not base64.") from error
    if len(body) > _MOST_BYTES:
        raise _too_large()
    return body


def _too_large() -> Rejected:
    return Rejected(413, "TOO_LARGE", "The body is larger than one mebibyte.")


def _error_body(rejected: Rejected) -> bytes:
    error = {"code": rejected.code, "message": rejected.message, "details": rejected.details}
    return msgspec.json.encode({"success": False, "error": error})


def _wire(answer: WebhookAnswer) -> dict[str, Any]:
    headers = {"content-type": answer.content_type} if answer.body else {}
    return {
        "statusCode": answer.status,
        "headers": headers,
        "body": answer.body.decode(),
        "isBase64Encoded": False,
    }
