"""Slash commands, buttons, menus and forms: the same object over HTTP and over the gateway.

Docs: "Receiving and Responding", "Message Components", "Application Commands".
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import msgspec

from waddlebot.domain.events import Channel, Interaction, MessageType, WayBack
from waddlebot.platforms.discord.people import (
    login_of,
    mentioned_in,
    name_of,
    role_of,
    user_of,
)
from waddlebot.platforms.discord.places import place_of
from waddlebot.platforms.discord.slash_commands import read_typed, read_typed_so_far
from waddlebot.platforms.fields import (
    dig,
    id_at,
    list_at,
    number_at,
    object_at,
    objects_at,
    plain,
    text_at,
)
from waddlebot.platforms.reading import Reading, facts_of, hashed, received
from waddlebot.platforms.received import Action, Received, WebhookAnswer, without_event

PING, APPLICATION_COMMAND, MESSAGE_COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = range(1, 6)
CHAT_INPUT = 1
BUTTON = 2
LABEL = 18
TOKEN_LIVES = timedelta(minutes=15)
_PONG = WebhookAnswer(body=b'{"type":1}')
_NO_CHOICES = WebhookAnswer(body=b'{"type":8,"data":{"choices":[]}}')


def read_interaction(
    payload: dict[str, Any], *, now: datetime, asked_until: datetime | None
) -> Received:
    """`asked_until` is None where nobody holds a request open: over the gateway."""
    kind = number_at(payload, "type")
    if kind == PING:
        return without_event(Action.PONG, answer=_PONG)
    if kind == AUTOCOMPLETE:
        return _read_autocomplete(payload, now=now, asked_until=asked_until)
    found = _type_and_data(kind, payload)
    if found is None:
        return without_event(Action.IGNORE, _facts(payload, {}))
    message_type, data, said = found
    if mentioned := mentioned_in(said, payload):
        data = {**data, "mentions": mentioned}
    reading = _reading(payload, message_type, now=now, asked_until=asked_until)
    return received(
        msgspec.structs.replace(
            reading,
            text=data.get("command", "") if kind == APPLICATION_COMMAND else "",
            said=said,
            data={**data, "locale": text_at(payload, "locale")},
        )
    )


def _reading(
    payload: dict[str, Any], kind: MessageType, *, now: datetime, asked_until: datetime | None
) -> Reading:
    """Who does it, where and when."""
    return Reading(
        type=kind,
        place=place_of(payload),
        user_id=id_at(user_of(payload), "id"),
        user_name=name_of(user_of(payload), dig(payload, "member")),
        user_login=login_of(user_of(payload)),
        role=role_of(payload, id_at(user_of(payload), "id")),
        own_id=id_at(payload, "id") or hashed(json.dumps(plain(payload), sort_keys=True)),
        occurred_at=now,
        way_back=_way_back(payload, now, component=number_at(payload, "type") == MESSAGE_COMPONENT),
        asked_until=asked_until,
        private=not id_at(payload, "guild_id"),
    )


def _type_and_data(
    kind: int | None, payload: dict[str, Any]
) -> tuple[MessageType, dict[str, Any], str] | None:
    """The event's type, its data, and the line that was meant."""
    data = object_at(payload, "data")
    if kind == APPLICATION_COMMAND:
        return _read_command(data)
    if kind == MESSAGE_COMPONENT:
        return _read_component(payload, data)
    if kind == MODAL_SUBMIT:
        return MessageType.MODAL_SUBMIT, _form(data), ""
    return None


def _read_command(data: dict[str, Any]) -> tuple[MessageType, dict[str, Any], str]:
    typed = read_typed(data)
    told = {"command": typed.path, "args": dict(typed.arguments)}
    if number_at(data, "type") in {None, CHAT_INPUT}:
        return MessageType.SLASH_COMMAND, told, typed.line
    # Context menus of a person or message.
    return MessageType.INTERACTION, {**told, "target_id": id_at(data, "target_id")}, ""


def _read_component(
    payload: dict[str, Any], data: dict[str, Any]
) -> tuple[MessageType, dict[str, Any], str]:
    kind = number_at(data, "component_type")
    told = {
        "custom_id": text_at(data, "custom_id"),
        "component_type": kind,
        "values": [plain(value) for value in list_at(data, "values")],
        "source_message_id": id_at(payload, "message", "id"),
    }
    pressed = MessageType.BUTTON_CLICK if kind == BUTTON else MessageType.SELECT_MENU
    return pressed, told, ""


def _form(data: dict[str, Any]) -> dict[str, Any]:
    """Fields by their `custom_id`: text for inputs, a list for menus."""
    fields = {}
    for row in objects_at(data, "components"):
        # An action row holds several components, a label one.
        for part in (*objects_at(row, "components"), object_at(row, "component")):
            if name := text_at(part, "custom_id"):
                value = dig(part, "value")
                fields[name] = plain(dig(part, "values") if value is None else value)
    return {"custom_id": text_at(data, "custom_id"), "fields": fields}


def _read_autocomplete(
    payload: dict[str, Any], *, now: datetime, asked_until: datetime | None
) -> Received:
    """No event: nothing was said yet. `answer` is for where nobody knows what to offer."""
    data = object_at(payload, "data")
    typed = read_typed_so_far(data)
    told = {
        "command": read_typed(data).path,
        "focused_option": typed.argument if typed else "",
        "partial": typed.typed if typed else None,
    }
    nothing = without_event(Action.AUTOCOMPLETE, _facts(payload, told), answer=_NO_CHOICES)
    who = received(_reading(payload, MessageType.SLASH_COMMAND, now=now, asked_until=asked_until))
    if typed is None or who.event is None:
        return nothing
    from waddlebot.domain.completions import Completing  # few interactions are one

    completing = Completing(
        event=who.event,
        path=typed.path,
        argument=typed.argument,
        typed=typed.typed,
        given=typed.given,
    )
    return msgspec.structs.replace(nothing, completing=completing)


def _facts(payload: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    user_id = id_at(user_of(payload), "id")
    return facts_of(place_of(payload), user_id=user_id, text="", data=data)


def _way_back(payload: dict[str, Any], now: datetime, *, component: bool) -> WayBack:
    interaction, token = id_at(payload, "id"), text_at(payload, "token")
    if not interaction or not token:
        return Channel()
    return Interaction(
        application=id_at(payload, "application_id"),
        id=interaction,
        token=token,
        until=now + TOKEN_LIVES,
        component=component,
    )
