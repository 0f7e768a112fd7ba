"""The doors of Discord: the interactions address (and webhook events), and the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from waddlebot.domain.errors import Rejected
from waddlebot.platforms.discord.interactions import read_interaction
from waddlebot.platforms.discord.messages import read_edit, read_message
from waddlebot.platforms.discord.places import place_of
from waddlebot.platforms.discord.server_events import READERS, read_audit_entry, read_invited
from waddlebot.platforms.fields import dig, id_at, number_at, object_at, parse_object, text_at
from waddlebot.platforms.reading import PlatformPlace, facts_of
from waddlebot.platforms.received import Action, Received, WebhookAnswer, without_event

_ACCEPTED = WebhookAnswer(status=204)
_DISPATCH, _RECONNECT, _INVALID_SESSION = 0, 7, 9
_DISPATCHED_PROTOCOL = frozenset({"READY", "RESUMED", "RATE_LIMITED"})
_DISPATCHED_LIFECYCLE = frozenset({"GUILD_CREATE", "GUILD_DELETE", "GUILD_UPDATE"})


def read_webhook(
    headers: Mapping[str, str],  # noqa: ARG001 # the doors of all platforms have one shape
    body: bytes,
    *,
    now: datetime,
    asked_until: datetime,
) -> Received:
    """An interaction, or what the separate Webhook Events address receives.

    The signature is checked before. Raises Rejected (400) where the body is no JSON object.
    """
    payload = parse_object(body)
    if "event" in payload or number_at(payload, "type") == 0:
        return _read_webhook_event(payload, now)
    return read_interaction(payload, now=now, asked_until=asked_until)


def read_gateway(
    frame: str | bytes | Mapping[str, Any], *, now: datetime | None = None, own_id: str = ""
) -> Received:
    """One frame of the gateway, as JSON text or parsed; what cannot be read is ignored.

    `own_id` is the bot's own user id, from READY.

    `frame` is a dispatch: `{"op": 0, "t": name, "s": sequence, "d": payload}`.
    """
    try:
        payload = parse_object(frame) if isinstance(frame, str | bytes) else frame
    except Rejected:
        return without_event(Action.IGNORE)
    code = number_at(payload, "op")
    if code == _RECONNECT:
        return without_event(Action.RESUME)
    if code == _INVALID_SESSION:
        resumable = dig(payload, "d") is True
        return without_event(Action.RESUME if resumable else Action.IDENTIFY)
    if code != _DISPATCH:
        return without_event(Action.PROTOCOL)
    return _read_dispatch(payload, now=now or datetime.now(UTC), own_id=own_id)


def _read_dispatch(frame: Mapping[str, Any], *, now: datetime, own_id: str) -> Received:
    name, payload = text_at(frame, "t"), object_at(frame, "d")
    if name == "MESSAGE_CREATE":
        return read_message(payload, now=now, own_id=own_id)
    if name == "MESSAGE_UPDATE":
        return read_edit(payload, now=now, own_id=own_id)
    if name == "INTERACTION_CREATE":
        return read_interaction(payload, now=now, asked_until=None)
    if name == "GUILD_AUDIT_LOG_ENTRY_CREATE":
        return read_audit_entry(payload, now, own_id)
    if name in READERS:
        return READERS[name](payload, now)
    if name in _DISPATCHED_PROTOCOL:
        return without_event(Action.PROTOCOL)
    facts = _facts(payload)
    if name in _DISPATCHED_LIFECYCLE:
        return without_event(Action.LIFECYCLE, facts)
    return without_event(Action.IGNORE, facts)


def _read_webhook_event(payload: dict[str, Any], now: datetime) -> Received:
    if number_at(payload, "type") == 0:
        return without_event(Action.PONG, answer=_ACCEPTED)
    told = object_at(payload, "event", "data")
    user_id = id_at(told, "user", "id")
    place = PlatformPlace(platform="discord", server=id_at(told, "guild", "id"))
    facts = facts_of(place, user_id=user_id, text="", data={})
    lifecycle = without_event(Action.LIFECYCLE, facts, answer=_ACCEPTED)
    if text_at(payload, "event", "type") == "APPLICATION_AUTHORIZED" and place.server:
        invited = read_invited(place.server, object_at(told, "user"), now).event
        return msgspec.structs.replace(lifecycle, watched=invited)
    return lifecycle


def _facts(payload: dict[str, Any]) -> dict[str, Any]:
    user_id = id_at(payload, "user_id") or id_at(payload, "user", "id")
    return facts_of(place_of(payload), user_id=user_id, text="", data={})
