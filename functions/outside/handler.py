"""Delivers one line to the server that a community's moderators named (docs/communities.md).

Called by the slow door alone. It holds no connection of ours while it waits, and what the server
says is read here as if an enemy had written it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from waddlebot.domain.deliveries import (
    MOST_ANSWER_BYTES,
    MOST_SECONDS,
    MOST_TEXT_CHARACTERS,
    VERSION,
    Decided,
    LineAnswer,
    LineDelivery,
)
from waddlebot.domain.errors import Refusal
from waddlebot.domain.releases import refuse_newer
from waddlebot.domain.signatures import secret_for, signed_headers
from waddlebot.domain.web_addresses import WebAddress, read_web_address
from waddlebot.outside.client import ServiceAnswer, ServiceCall
from waddlebot.outside.errors import Declined, OutsideFailed
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores import keys
from waddlebot.stores.in_flight import one_of_few

SERVICE = "outside"
MARGIN = timedelta(seconds=0.5)
"""Kept back to say what came of it, before whoever called gives up."""
MOST_AT_ONCE = 3
"""Lines of one community: where all its servers hang, others still find a free hand here."""
WAIT_SECONDS = 0.5
"""For one of these places: lines come in bursts, and a server that is well answers in less."""
_TOO_MANY = (
    f"{MOST_AT_ONCE} lines of this community wait for its servers at once, and no more are sent"
)
# Controls, what turns the direction of writing, and what has no width but joins no emoji.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+"
)


class _Said(msgspec.Struct, frozen=True):
    action: Decided = Decided.ALLOW
    text: str = ""


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """A LineDelivery in, a LineAnswer out; never raises for what the server does.

    Both as JSON objects with the fields of their classes: `{"id", …}`.

    Raises:
        OfNewerRelease: nothing was sent.
    """
    log = room_log(SERVICE, context)
    refuse_newer(payload, VERSION, "who delivers a line")
    delivery = msgspec.convert(payload, LineDelivery)
    told = deliver(delivery, resources())
    log.info(
        "line delivered",
        execution_id=delivery.id,
        community=delivery.community,
        result=told.failed or told.decided.value,
        attempts=told.attempts,
    )
    answer: dict[str, Any] = msgspec.to_builtins(told)
    return answer


def deliver(delivery: LineDelivery, ours: Resources) -> LineAnswer:
    try:
        address = read_web_address(delivery.address)
    except Refusal as refusal:
        return LineAnswer(failed=refusal.say, attempts=0)
    if not ours.signing_key:
        return LineAnswer(
            failed="WADDLEBOT_SIGNING_KEY is not set: nothing can be signed", attempts=0
        )
    with one_of_few(
        ours.cache,
        keys.deliveries(delivery.community),
        most=MOST_AT_ONCE,
        life_seconds=MOST_SECONDS + MARGIN.total_seconds(),
        wait_seconds=WAIT_SECONDS,
    ) as may:
        if not may:
            return LineAnswer(failed=_TOO_MANY, attempts=0)
        return _delivered(delivery, address, ours)


def _delivered(delivery: LineDelivery, address: WebAddress, ours: Resources) -> LineAnswer:
    try:
        answer = ours.outside.ask(
            _asked(delivery, address, ours), deadline=delivery.deadline - MARGIN
        )
    except OutsideFailed as error:
        return LineAnswer(failed=_in_words(error), told=error.told, attempts=error.attempts)
    said = _read(answer)
    assert said is not None  # noqa: S101 - what cannot be read has failed above
    return LineAnswer(decided=said.action, text=cleaned(said.text), attempts=answer.attempts)


def _in_words(error: OutsideFailed) -> str:
    if isinstance(error, Declined) and 200 <= error.status < 300:
        return f"{error.what} answers what I cannot read"
    return str(error)


def _asked(delivery: LineDelivery, address: WebAddress, ours: Resources) -> ServiceCall:
    body = msgspec.json.encode(delivery.line)
    secret = secret_for(ours.signing_key, delivery.community, address.origin)
    return ServiceCall(
        # Its origin: who answers to a thousand addresses is one server for all that.
        service=f"webhook:{delivery.community}:{_short(address.origin)}",
        what=address.host,
        url=str(address),
        method="POST",
        headers={
            "content-type": "application/json",
            **signed_headers(secret, delivery.id, datetime.now(UTC), body),
        },
        body=body,
        # The same id in every try tells the server what it had already.
        harmless=True,
        most_bytes=MOST_ANSWER_BYTES,
        fails=lambda answer: _read(answer) is None,
    )


def _short(address: str) -> str:
    return hashlib.blake2b(address.encode(), digest_size=12).hexdigest()


def _read(answer: ServiceAnswer) -> _Said | None:
    """`{"action": "allow"|"warn"|"block"|"reply", "text": "…"}`; nothing allows, and so does `OK`.

    None for everything else: a refusal, a redirect, a page for people, other types, no text to
    reply with.
    """
    if not 200 <= answer.status < 300:
        return None
    if _says_nothing(answer.body):
        return _Said()
    try:
        said = msgspec.json.decode(answer.body, type=_Said)
    except (msgspec.DecodeError, RecursionError):
        return None
    return None if said.action is Decided.REPLY and not cleaned(said.text) else said


def _says_nothing(body: bytes) -> bool:
    """Or a word such as `OK`, as many servers do: no JSON that goes wrong, and no page."""
    try:
        text = body.decode().strip()
    except UnicodeError:
        return False
    return not text.startswith(("{", "[", '"', "<")) and text.isprintable()


def cleaned(text: str) -> str:
    text = _UNSEEN.sub(" ", text).strip(" \u200d")
    most = MOST_TEXT_CHARACTERS
    return text if len(text) <= most else f"{text[: most - 1]}…"


@cache
def resources() -> Resources:
    return Resources(Environment.of_process())
