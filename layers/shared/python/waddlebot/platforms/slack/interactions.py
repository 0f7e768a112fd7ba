"""Buttons, menus, forms and shortcuts: the `payload` object of Slack's interactivity.

They are told, not asked: Slack shows nothing of what stands in the HTTP answer, the reply goes
to the response address.

Docs: "Handling user interaction", "block_actions", "view_submission", "shortcut".
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from waddlebot.domain.events import Channel, MessageType, WayBack
from waddlebot.platforms.fields import (
    dig,
    first_id,
    id_at,
    list_at,
    object_at,
    objects_at,
    plain,
    text_at,
)
from waddlebot.platforms.reading import PlatformPlace, Reading, facts_of, hashed, received
from waddlebot.platforms.received import Action, Received, WebhookAnswer, without_event
from waddlebot.platforms.slack.slash_commands import OURS, channel_name, way_back

_NO_OPTIONS = WebhookAnswer(body=b'{"options":[]}')
_MENUS = frozenset(
    f"{several}{kind}_select"
    for several in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
_CHOSEN = ("selected_option", "selected_options")
_CHOSEN_IDS = (
    "selected_user",
    "selected_users",
    "selected_channel",
    "selected_channels",
    "selected_conversation",
    "selected_conversations",
    "selected_date",
    "selected_time",
    "selected_date_time",
)
_SUBMISSIONS = frozenset({"view_submission", "dialog_submission"})
_OTHERS = frozenset(
    {"view_closed", "shortcut", "message_action", "dialog_cancellation", "workflow_step_edit"}
)


def read_interaction(payload: dict[str, Any], *, now: datetime) -> Received:
    kind = text_at(payload, "type")
    data = _data(payload)
    if kind in {"block_suggestion", "dialog_suggestion"}:
        return _read_suggestion(payload, data, now)
    if _is_finder(data) and kind == "block_actions":
        return _read_found(payload, data, now)
    message_type = _type(kind, payload)
    if message_type is None:
        facts = facts_of(_place(payload), user_id=id_at(payload, "user", "id"), text="", data=data)
        return without_event(Action.IGNORE, facts)
    reading = _reading(payload, message_type, now)
    return received(msgspec.structs.replace(reading, data=data, message=_message(payload)))


def _reading(payload: dict[str, Any], kind: MessageType, now: datetime) -> Reading:
    """Who does it, where and when."""
    return Reading(
        type=kind,
        place=_place(payload),
        home=_home(payload),
        user_id=id_at(payload, "user", "id"),
        user_name=text_at(payload, "user", "name") or text_at(payload, "user", "username"),
        own_id=id_at(payload, "trigger_id") or hashed(json.dumps(plain(payload), sort_keys=True)),
        occurred_at=now,
        way_back=_way_back(payload, now),
        private=_place(payload).channel.startswith("D"),
    )


def _is_finder(data: dict[str, Any]) -> bool:
    from waddlebot.platforms.slack.components import FINDER  # what is said is no interaction

    return bool(data["action_id"] == FINDER)


def _read_suggestion(payload: dict[str, Any], data: dict[str, Any], now: datetime) -> Received:
    """No event: nothing was said yet. `answer` is for menus of others, and where nobody knows."""
    facts = facts_of(_place(payload), user_id=id_at(payload, "user", "id"), text="", data=data)
    nothing = without_event(Action.OPTIONS, facts, answer=_NO_OPTIONS)
    reading = _reading(payload, MessageType.SLASH_COMMAND, now)
    # Slack names no question: the same letters may be typed twice.
    reading = msgspec.structs.replace(reading, own_id=hashed(reading.own_id, now.isoformat()))
    who = received(reading).event
    if who is None or not _is_finder(data):
        return nothing
    from waddlebot.domain.completions import Completing  # few interactions are one

    asked = Completing(event=who, typed=text_at(payload, "value"))
    return msgspec.structs.replace(nothing, completing=asked)


def _read_found(payload: dict[str, Any], data: dict[str, Any], now: datetime) -> Received:
    """What was chosen is what its person might have typed behind our command, and no more."""
    line = next((one for one in data["values"] if isinstance(one, str)), "")
    reading = _reading(payload, MessageType.SLASH_COMMAND, now)
    return received(msgspec.structs.replace(reading, text=line, said=line, data={"command": OURS}))


def _type(kind: str, payload: dict[str, Any]) -> MessageType | None:
    if kind in _SUBMISSIONS:
        return MessageType.MODAL_SUBMIT
    if kind in _OTHERS:
        return MessageType.INTERACTION
    if kind not in {"block_actions", "interactive_message"}:
        return None
    pressed = text_at(_first_action(payload), "type")
    if pressed == "button":
        return MessageType.BUTTON_CLICK
    # "select" is the menu of the older attachments.
    return MessageType.SELECT_MENU if pressed in {*_MENUS, "select"} else MessageType.INTERACTION


def _data(payload: dict[str, Any]) -> dict[str, Any]:
    """`custom_id` is what the designer of the form or button chose, whatever Slack calls it."""
    action = _first_action(payload)
    view = object_at(payload, "view")
    callback = text_at(payload, "callback_id") or text_at(view, "callback_id")
    action_id = text_at(action, "action_id") or text_at(payload, "action_id")
    return {
        "callback_id": callback,
        "action_id": action_id or text_at(action, "name"),
        "block_id": text_at(action, "block_id") or text_at(payload, "block_id"),
        "custom_id": action_id or callback,
        "value": text_at(action, "value") or text_at(payload, "value"),
        "values": _values(action),
        "fields": _fields(payload),
        "view_id": id_at(view, "id"),
        "source_message_id": _message(payload),
    }


def _first_action(payload: dict[str, Any]) -> dict[str, Any]:
    return next(iter(objects_at(payload, "actions")), {})


def _values(element: dict[str, Any]) -> list[Any]:
    chosen: list[Any] = []
    for name in _CHOSEN:
        found = dig(element, name)
        options = found if isinstance(found, list) else [found]
        chosen += [text_at(option, "value") for option in options if isinstance(option, dict)]
    for name in _CHOSEN_IDS:
        found = dig(element, name)
        chosen += [plain(one) for one in (found if isinstance(found, list) else [found])]
    return [value for value in chosen if value not in (None, "")]


def _fields(payload: dict[str, Any]) -> dict[str, Any]:
    """What was filled in, by the input's action id; dialogs name their fields directly."""
    fields = {str(name): plain(value) for name, value in object_at(payload, "submission").items()}
    for block in object_at(payload, "view", "state", "values").values():
        for name, element in block.items() if isinstance(block, dict) else ():
            chosen = _values(element) if isinstance(element, dict) else []
            fields[str(name)] = text_at(element, "value") or chosen
    return plain(fields) or {}


def _way_back(payload: dict[str, Any], now: datetime) -> WayBack:
    """Of a form of ours to the thread that it was asked for in."""
    trigger = text_at(payload, "trigger_id")
    found = way_back(_response_url(payload), now, trigger, _pressed(payload))
    thread = text_at(_metadata(payload), "thread")
    return Channel(thread=thread) if isinstance(found, Channel) and thread else found


def _pressed(payload: dict[str, Any]) -> str:
    """The message, where the bot could edit it by itself."""
    is_alone = dig(payload, "container", "is_ephemeral") is True
    return "" if is_alone or not _first_action(payload) else _message(payload)


def _metadata(payload: dict[str, Any]) -> dict[str, Any]:
    """Of a form of ours: where it was asked for. Others write there what they like."""
    try:
        found = json.loads(text_at(payload, "view", "private_metadata") or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _place(payload: dict[str, Any]) -> PlatformPlace:
    """Organisation-wide installs leave `team` out; the person or the form then says it."""
    server = first_id(
        id_at(payload, "team", "id"),
        id_at(payload, "user", "team_id"),
        id_at(payload, "view", "team_id"),
        id_at(payload, "view", "app_installed_team_id"),
    )
    channel = first_id(
        id_at(payload, "channel", "id"),
        id_at(payload, "container", "channel_id"),
        id_at(_metadata(payload), "channel"),
        *(id_at(address, "channel_id") for address in objects_at(payload, "response_urls")),
    )
    name = channel_name(text_at(payload, "channel", "name"))
    return PlatformPlace(platform="slack", server=server, channel=channel, name=name)


def _home(payload: dict[str, Any]) -> PlatformPlace | None:
    """In a channel that two workspaces share, the one that authorised the bot."""
    installed = id_at(payload, "view", "app_installed_team_id")
    return replace(_place(payload), server=installed) if installed else None


def _message(payload: dict[str, Any]) -> str:
    return first_id(
        id_at(payload, "message", "ts"),
        id_at(payload, "message_ts"),
        id_at(payload, "container", "message_ts"),
    )


def _response_url(payload: dict[str, Any]) -> str:
    of_form = [text_at(item, "response_url") for item in list_at(payload, "response_urls")]
    return text_at(payload, "response_url") or next(filter(None, of_form), "")
