"""What Discord takes of components and modals, and how people press them.

Docs: "Component Reference", "Interaction Response Object" (modal), "Modal Submit Data".
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.discord.messages import Messages
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import UnknownHappening

ROW, BUTTON, MENU, INPUT, TEXT, LABEL = 1, 2, 3, 4, 10, 18
_LINK = 5
_MOST_ROWS, _MOST_BUTTONS, _MOST_OPTIONS, _MOST_ID = 5, 5, 25, 100
_KEPT = 500


def wrong_rows(components: Any) -> str:
    """Why Discord refuses this below a message; empty where it takes it."""
    if not isinstance(components, list) or len(components) > _MOST_ROWS:
        return "Must be 5 or fewer in length."
    ids: list[Any] = []
    for row in components:
        inside = row.get("components") if row.get("type") == ROW else None
        if not isinstance(inside, list) or not 1 <= len(inside) <= _MOST_BUTTONS:
            return "The specified component type is invalid in this position."
        if len(inside) > 1 and any(one.get("type") != BUTTON for one in inside):
            return "A row takes buttons or one menu."
        for one in inside:
            if why := _wrong_one(one):
                return why
        ids += [one.get("custom_id") for one in inside if one.get("custom_id")]
    return "Component custom id cannot be duplicated." if len(set(ids)) < len(ids) else ""


def wrong_modal(data: Json) -> str:
    """The same of a modal."""
    title, components = str(data.get("title") or ""), data.get("components") or []
    if not 1 <= len(title) <= 45 or not _is_id(data.get("custom_id")):
        return "Must be between 1 and 45 in length."
    if not 1 <= len(components) <= 5:
        return "Must be between 1 and 5 in length."
    if not all(1 <= len(one.get("content") or "") <= 4000 for one in components if _is_text(one)):
        return "Must be between 1 and 4000 in length."
    labels = [one for one in components if not _is_text(one)]
    names = [_input_of(one).get("custom_id") for one in labels]
    if len(set(names)) < len(names) or not all(map(_is_id, names)):
        return "Component custom id cannot be duplicated."
    return next(filter(None, map(_wrong_input, labels)), "") if labels else "There is no input."


def _wrong_one(one: Json) -> str:
    if one.get("type") == BUTTON:
        if not 1 <= len(str(one.get("label") or "")) <= 80 or one.get("style") not in range(1, 6):
            return "Must be between 1 and 80 in length."
        is_good = bool(one.get("url")) if one["style"] == _LINK else _is_id(one.get("custom_id"))
        return "" if is_good else "A custom id or url is required"
    if one.get("type") != MENU or not _is_id(one.get("custom_id")):
        return "The specified component type is invalid in this position."
    options = one.get("options") or []
    values = [option.get("value") for option in options]
    if not 1 <= len(options) <= _MOST_OPTIONS or len(set(values)) < len(values):
        return "The specified option value is already used"
    parts = (option.get(name, "x") for option in options for name in ("label", "value"))
    is_good = all(isinstance(part, str) and 1 <= len(part) <= 100 for part in parts)
    return "" if is_good else "Must be between 1 and 100 in length."


def _wrong_input(label: Json) -> str:
    inside = _input_of(label)
    if label.get("type") != LABEL or not 1 <= len(str(label.get("label") or "")) <= 45:
        return "Must be between 1 and 45 in length."
    most = inside.get("max_length", 4000)
    is_good = (
        inside.get("type") == INPUT
        and inside.get("style") in (1, 2)
        and 1 <= most <= 4000
        and len(inside.get("value") or "") <= most
        and len(inside.get("placeholder") or "") <= 100
    )
    return "" if is_good else "The text input is not one."


def _input_of(label: Json) -> Json:
    found = label.get("component")
    return found if isinstance(found, dict) else {}


def _is_text(component: Json) -> bool:
    return component.get("type") == TEXT


def _is_id(found: object) -> bool:
    return isinstance(found, str) and 1 <= len(found) <= _MOST_ID


class DiscordHands:
    """What people press and fill in: only what stands before them."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._modals: OrderedDict[tuple[str, str], Json] = OrderedDict()

    def open_modal(self, place: StandInPlace, login: str, modal: Json) -> None:
        self._modals[login, place.channel] = modal
        if len(self._modals) > _KEPT:
            self._modals.popitem(last=False)

    def press(self, kind: str, login: str, place: StandInPlace, label: str) -> tuple[Json, Json]:
        """The newest button or option that is called so: the component's data, its message."""
        wanted = BUTTON if kind == "button_click" else MENU
        for message in self._messages.newest_in(place.channel, login):
            for one in _components(message):
                data = _pressed(one, wanted, label)
                if data:
                    return data, message
        raise UnknownHappening(f"nobody sees anything called {label!r} there.")

    def fill_in(self, login: str, place: StandInPlace, fields: Mapping[str, Any]) -> Json:
        """The `data` of a submission; a client closes its modal with it."""
        modal = self._modals.pop((login, place.channel), None)
        if modal is None:
            raise UnknownHappening("no form is open there.")
        return {
            "custom_id": modal["custom_id"],
            "components": [
                {"type": TEXT, "id": number} if _is_text(one) else _sent(number, one, fields)
                for number, one in enumerate(modal["components"], 1)
            ],
        }


def _sent(number: int, label: Json, fields: Mapping[str, Any]) -> Json:
    inside = _input_of(label)
    filled = {"custom_id": inside["custom_id"], "value": _filled(inside, fields)}
    return {
        "type": LABEL,
        "id": number,
        "component": {"type": INPUT, "id": 100 + number, **filled},
    }


def _filled(one: Json, fields: Mapping[str, Any]) -> str:
    """What the client lets through."""
    value = str(fields.get(one["custom_id"], one.get("value") or ""))
    if one.get("required", True) and not value:
        raise UnknownHappening(f"the client does not send a form without {one['custom_id']}.")
    return value[: one.get("max_length", 4000)]


def _components(message: Json) -> Iterator[Json]:
    for row in message.get("components") or ():
        yield from row.get("components") or ()


def _pressed(one: Json, wanted: int, label: str) -> Json | None:
    if one.get("type") != wanted:
        return None
    data = {"custom_id": one["custom_id"], "component_type": wanted}
    if wanted == BUTTON:
        return data if one.get("label") == label else None
    values = [option["value"] for option in one["options"] if option["label"] == label]
    return {**data, "values": values[:1]} if values else None
