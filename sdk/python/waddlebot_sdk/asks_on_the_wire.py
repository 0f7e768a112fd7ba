"""What a module offers to press and to fill in, read from JSON, the object that a
module answered; each raises ValueError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot_sdk.asks import (
    MOST_FILLED_IN,
    Button,
    Buttons,
    Field,
    Form,
    Option,
    Select,
    Style,
    Terms,
)
from waddlebot_sdk.roles import Role


def buttons_from_wire(wire: Mapping[str, Any]) -> Buttons:
    """`wire` is a response object by its fields. Raises ValueError."""
    return Buttons(
        _text(wire, "chat_message"),
        tuple(
            Button(
                _text(one, "label"),
                _text(one, "action"),
                _text(one, "context"),
                style=Style(one.get("style") or Style.PLAIN),
            )
            for one in _rows(wire, "buttons")
        ),
        Terms.from_wire(wire),
        needed=wire.get("needed") is not False,
    )


def select_from_wire(wire: Mapping[str, Any]) -> Select:
    """`wire` is a response object by its fields. Raises ValueError."""
    return Select(
        _text(wire, "chat_message"),
        _text(wire, "action"),
        tuple(
            Option(_text(one, "label"), _text(one, "value"), about=_text(one, "about"))
            for one in _rows(wire, "options")
        ),
        _text(wire, "context"),
        Terms.from_wire(wire),
        placeholder=_text(wire, "placeholder") or "Choose one",
    )


def form_from_wire(wire: Mapping[str, Any]) -> Form:
    """`wire` is a response object by its fields. Raises ValueError."""
    role = wire.get("role")
    return Form(
        _text(wire, "form_title"),
        _text(wire, "form_action"),
        tuple(map(_field_from_wire, _rows(wire, "form_fields"))),
        _text(wire, "form_context"),
        text=_text(wire, "form_description"),
        submit=_text(wire, "form_submit") or "Send",
        role=None if role is None else Role(role),
        on_overlay=wire.get("on_overlay") is True,
    )


def _field_from_wire(wire: Mapping[str, Any]) -> Field:
    return Field(
        _text(wire, "name"),
        _text(wire, "label"),
        long=wire.get("type") in ("textarea", "paragraph"),
        required=wire.get("required") is not False,
        value=_text(wire, "value"),
        placeholder=_text(wire, "placeholder"),
        most_characters=wire.get("most_characters", MOST_FILLED_IN),
    )


def _text(wire: Mapping[str, Any], name: str) -> str:
    found = wire.get(name)
    if not isinstance(found, str | None):
        raise ValueError(f"{name} must be text")  # noqa: TRY004 - one kind for all of a response
    return found or ""


def _rows(wire: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = wire.get(name)
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise ValueError(f"{name} must be a list of objects")
    return rows
