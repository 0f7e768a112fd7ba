"""An API caller's JSON becomes an Event, or a refusal that names what is wrong with it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.errors import Rejected
from waddlebot.domain.events import Caller, Event, MessageType, Speaker, message_type
from waddlebot.domain.moments import read_moment
from waddlebot.platforms import place_called
from waddlebot.platforms.fields import plain, without_unstorable
from waddlebot.platforms.replied import REPLIED_TO
from waddlebot.stores.api_keys import COLLECTOR, ApiKey
from waddlebot_sdk.roles import Role, highest

MOST_MESSAGE_CHARACTERS = 5_000
MOST_ID_CHARACTERS = 255
MOST_ROLES = 100

_ROLES = {role.value: role for role in Role}
_SPOKEN = frozenset({MessageType.CHAT_MESSAGE, MessageType.SLASH_COMMAND, MessageType.APP_MENTION})
_OF_NOBODY = frozenset({MessageType.STREAM_ONLINE, MessageType.STREAM_OFFLINE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`session_id` is what the caller called its session, or empty."""

    event: Event
    session_id: str


def read_event(body: Any, caller: ApiKey, *, now: datetime, asked_until: datetime) -> Asked:
    """The spec's body of `POST /api/router/process`; what it does not know is ignored.

    Who somebody is and what they may is believed only from collectors, and what happened but lines
    as well. Anybody else speaks as the account of the key, whatever else stands there, and points
    at no message of the platform's.

    Raises:
        Rejected: 400; `details` names the field, for `message_type` the valid ones. 403, an event
            that only collectors tell of.
    """
    if not isinstance(body, dict):
        raise _invalid("body", "must be a JSON object")
    is_collector = COLLECTOR in caller.scopes
    type_ = message_type(_text(body, "message_type", needed=True))
    if not (is_collector or type_ in _SPOKEN):
        raise _only_collectors(type_)
    entity = place_called(_text(body, "entity_id", needed=True))
    message_id = _text(body, "message_id")
    return Asked(
        event=Event(
            id=_event_id(caller, entity, message_id),
            type=type_,
            entity=entity,
            user=_person(body, type_) if is_collector else _account(body, caller),
            text=_text(body, "message", needed=type_ in _SPOKEN, most=MOST_MESSAGE_CHARACTERS),
            data=_data(body, is_collector=is_collector),
            message=message_id or None if is_collector else None,
            occurred_at=_moment(body, "occurred_at", now),
            way_back=Caller(),
            asked_until=asked_until,
        ),
        session_id=_text(body, "session_id"),
    )


def _data(body: Mapping[str, Any], *, is_collector: bool) -> dict[str, Any]:
    """Which line it answers, and whose words that has, is believed only from collectors."""
    told = dict(_object(body, "metadata"))
    if not is_collector:
        told.pop(REPLIED_TO, None)
    return told


def _person(body: Mapping[str, Any], type_: MessageType) -> Speaker | None:
    stated = _text(body, "user_id", needed=type_ not in _OF_NOBODY)
    name, role = _text(body, "username"), _role(body)
    return Speaker(id=stated, name=name or stated, role=role) if stated else None


def _account(body: Mapping[str, Any], caller: ApiKey) -> Speaker:
    if caller.person is not None:  # as which of their accounts, is known with the place
        return Speaker(id=caller.person.user_id, name=caller.person.name)
    if not body.get("user_id"):
        raise _missing("user_id")
    # No person of any platform's has such an id: what is known of people is never an account's.
    return Speaker(id=f"api:{caller.account}", name=caller.account)


def _role(body: Mapping[str, Any]) -> Role:
    """The highest that we know; platforms have more names for what people are."""
    roles = body.get("roles")
    if roles is None:
        return Role.USER
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise _invalid("roles", "must be a list of texts")
    if len(roles) > MOST_ROLES:
        raise _invalid("roles", f"must hold {MOST_ROLES} at most")
    return highest(Role.USER, *(_ROLES.get(role.lower(), Role.USER) for role in roles))


def _event_id(caller: ApiKey, entity: str, message_id: str) -> str:
    """The same message of the same account is the same event; without an id each call is new."""
    if message_id:
        return f"api:{caller.account}:{entity}:{message_id}"
    return f"api:{caller.account}:{secrets.token_urlsafe(16)}"


def _text(
    body: Mapping[str, Any], name: str, *, needed: bool = False, most: int = MOST_ID_CHARACTERS
) -> str:
    value = body.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise _invalid(name, "must be text")
    if len(value) > most:
        raise _invalid(name, f"must have {most} characters at most, not {len(value)}")
    kept = without_unstorable(value)
    if needed and not kept:
        raise _missing(name)
    return kept


def _object(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """As deep and as long as what platforms tell."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _invalid(name, "must be an object")
    kept: dict[str, Any] = plain(value)
    return kept


def _moment(body: Mapping[str, Any], name: str, now: datetime) -> datetime:
    """Never in the future: nothing has happened yet that only will."""
    text = _text(body, name)
    if not text:
        return now
    read = read_moment(text)
    if read is None:
        raise _invalid(name, "must be a time as in 2026-07-01T12:00:00Z")
    return min(now, read)


def _only_collectors(type_: MessageType) -> Rejected:
    return Rejected(
        403,
        "MISSING_SCOPE",
        f"Of '{type_.value}' only a key with the scope '{COLLECTOR}' may tell.",
        details={"scope": COLLECTOR, "field": "message_type"},
    )


def no_place() -> Rejected:
    return Rejected(
        404,
        "UNKNOWN_PLACE",
        "There is no such place for this key.",
        details={"field": "entity_id"},
    )


def _missing(name: str) -> Rejected:
    return Rejected(
        400, "MISSING_FIELD", f"The field '{name}' is missing.", details={"field": name}
    )


def _invalid(name: str, why: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", f"'{name}' {why}.", details={"field": name})
