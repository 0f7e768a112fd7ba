"""What a module offers people to press, to choose from and to fill in.

return Buttons("Shall it be kept?", (Button("Keep", "keep", "7"), Button("Drop", "drop", "7")))

What is pressed, chosen or sent comes back to this module alone, as an event: `button_click`,
`select_menu` or `modal_submit`, with `{"action", "context", "values", "fields"}` as `Call.data`.
Where a platform has no buttons people type a number; where it has no forms they get an address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from waddlebot_sdk.roles import Role
from waddlebot_sdk.seen_signs import is_one_line

MOST_BUTTONS, MOST_OPTIONS, MOST_FIELDS = 5, 25, 5
"""Discord's: a row of buttons, a menu, a form. What fits there fits everywhere."""
MOST_LABEL = 75
"""Of a button, an option and what stands behind it: Slack's."""
MOST_TITLE = 45
"""Of a form, and of the labels of its fields: Discord's. Slack cuts a title at 24."""
MOST_PLACEHOLDER, MOST_TEXT, MOST_FILLED_IN = 100, 1500, 3000
MOST_MINUTES, USUAL_MINUTES = 24 * 60, 60
ACTION = re.compile(r"[a-z][a-z0-9_]{0,15}", re.ASCII)
_CONTEXT = re.compile(r"[A-Za-z0-9_.-]{0,16}", re.ASCII)
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,31}", re.ASCII)

Wire = dict[str, Any]
Reword = Callable[[str], str]


class Pressed(StrEnum):
    """The events in which it comes back."""

    BUTTON = "button_click"
    MENU = "select_menu"
    FORM = "modal_submit"


class Style(StrEnum):
    """How much a button draws the eye."""

    PLAIN = "plain"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """`action` says what is to be done and `context` to what: short words of the module's own."""

    label: str
    action: str
    context: str = ""
    style: Style = field(default=Style.PLAIN, kw_only=True)

    def __post_init__(self) -> None:
        _check_line("a button's label", self.label, MOST_LABEL)
        _check_names(self.action, self.context)


@dataclass(frozen=True, slots=True)
class Option:
    """`value` is what comes back in `values`; without one it is the label."""

    label: str
    value: str = ""
    about: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        _check_line("an option's label", self.label, MOST_LABEL)
        _check_line("an option's value", self.value, MOST_LABEL, needed=False)
        _check_line("what stands behind an option", self.about, MOST_LABEL, needed=False)

    @property
    def named(self) -> str:
        return self.value or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Who may answer, how often and for how long; the same for buttons, menus and forms.

    `role` is what whoever presses needs, by default what the command needed that brought it.
    `asker_alone`: nobody else may. `once`: the first answer is the only one, whoever gives it.
    `private`: the asking person alone sees it. `minutes`: after that nothing comes of it.
    `in_place`: as an answer to a press it stands in place of what was pressed, as with `Chat`.
    """

    role: Role | None = None
    asker_alone: bool = False
    once: bool = False
    private: bool = False
    minutes: int = USUAL_MINUTES
    in_place: bool = False

    def __post_init__(self) -> None:
        _check_count("minutes", self.minutes, MOST_MINUTES)

    def to_wire(self) -> Wire:
        """What is not as usual."""
        told: Wire = {name: True for name in _MARKS if getattr(self, name)}
        if self.role is not None:
            told["role"] = self.role.value
        return told if self.minutes == USUAL_MINUTES else {**told, "minutes": self.minutes}

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Terms:
        """Raises ValueError."""
        role = wire.get("role")
        return cls(
            **{name: wire.get(name) is True for name in _MARKS},
            role=None if role is None else Role(role),
            minutes=wire.get("minutes", USUAL_MINUTES),
        )


_MARKS = ("asker_alone", "once", "private", "in_place")


@dataclass(frozen=True, slots=True)
class Buttons:
    """A line with up to five buttons below it.

    `needed=False`: they only save typing, so that a chat of lines alone is spared them.
    """

    text: str
    buttons: tuple[Button, ...]
    terms: Terms = field(default_factory=Terms)
    needed: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        _check_text(self.text)
        _check_number("buttons", self.buttons, MOST_BUTTONS)
        _check_once((one.action, one.context) for one in self.buttons)

    def reworded(self, reword: Reword) -> Buttons:
        """The same in other words."""
        return replace(self, text=reword(self.text))

    def to_wire(self) -> Wire:
        """`{"response_action": "buttons", "chat_message", "buttons": [{"label", "action", …}]}`."""
        rows = [
            {"label": one.label, "action": one.action, "context": one.context, "style": one.style}
            for one in self.buttons
        ]
        told = {"chat_message": self.text, "buttons": rows, **self.terms.to_wire()}
        return _wire("buttons", told if self.needed else {**told, "needed": False})


@dataclass(frozen=True, slots=True)
class Select:
    """A line with a menu of up to 25 options, of which one is chosen."""

    text: str
    action: str
    options: tuple[Option, ...]
    context: str = ""
    terms: Terms = field(default_factory=Terms)
    placeholder: str = field(default="Choose one", kw_only=True)

    def __post_init__(self) -> None:
        _check_text(self.text)
        _check_names(self.action, self.context)
        _check_number("options", self.options, MOST_OPTIONS)
        _check_once(one.named for one in self.options)
        _check_line("placeholder", self.placeholder, MOST_PLACEHOLDER)

    def reworded(self, reword: Reword) -> Select:
        """The same in other words."""
        return replace(self, text=reword(self.text))

    def to_wire(self) -> Wire:
        """`{"response_action": "select", "chat_message", "action", "options": [{"label", …}]}`."""
        rows = [
            {"label": one.label, "value": one.value, "about": one.about} for one in self.options
        ]
        told = {"chat_message": self.text, "action": self.action, "context": self.context}
        more = {"options": rows, "placeholder": self.placeholder}
        return _wire("select", {**told, **more, **self.terms.to_wire()})


@dataclass(frozen=True, slots=True)
class Field:
    """One line, or with `long` several; `name` is its name in `fields`.

    `value` stands in it already; it takes `most_characters` characters.
    """

    name: str
    label: str
    long: bool = field(default=False, kw_only=True)
    required: bool = field(default=True, kw_only=True)
    value: str = field(default="", kw_only=True)
    placeholder: str = field(default="", kw_only=True)
    most_characters: int = field(default=MOST_FILLED_IN, kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not _FIELD.fullmatch(self.name):
            raise ValueError(f"a field's name is like 'author', not {str(self.name)[:40]!r}")
        _check_line("a field's label", self.label, MOST_TITLE)
        _check_line("placeholder", self.placeholder, MOST_PLACEHOLDER, needed=False)
        _check_count("most_characters", self.most_characters, MOST_FILLED_IN)
        if not isinstance(self.value, str) or len(self.value) > self.most_characters:
            raise ValueError(f"a field's value is text of {self.most_characters} at most")


@dataclass(frozen=True, slots=True)
class Form:
    """Up to five fields that one person fills in, who asked for it, and sends once.

    `text` is said above the fields (on Discord of fewer than five), and beside the button that
    opens it where it cannot be opened at once. `on_overlay` shows it on the general source too.
    """

    title: str
    action: str
    fields: tuple[Field, ...]
    context: str = ""
    text: str = field(default="", kw_only=True)
    submit: str = field(default="Send", kw_only=True)
    role: Role | None = field(default=None, kw_only=True)
    on_overlay: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        _check_line("a form's title", self.title, MOST_TITLE)
        _check_names(self.action, self.context)
        _check_number("fields", self.fields, MOST_FIELDS)
        _check_once(one.name for one in self.fields)
        _check_line("submit", self.submit, 24)
        if self.text:
            _check_text(self.text)

    def reworded(self, reword: Reword) -> Form:
        """The same in other words."""
        return replace(self, text=reword(self.text))

    def to_wire(self) -> Wire:
        """`{"response_action": "form", "form_title", "form_description", "form_action",
        "form_fields": [{"name", "label", "type", "required", …}]}`.
        """
        told = {
            "form_title": self.title,
            "form_description": self.text,
            "form_action": self.action,
            "form_context": self.context,
            "form_submit": self.submit,
            "form_fields": [_field_to_wire(one) for one in self.fields],
        }
        if self.role is not None:
            told["role"] = self.role.value
        return _wire("form", {**told, "on_overlay": True} if self.on_overlay else told)


Ask = Buttons | Select | Form


def _field_to_wire(one: Field) -> Wire:
    return {
        "name": one.name,
        "label": one.label,
        "type": "textarea" if one.long else "text",
        "required": one.required,
        "value": one.value,
        "placeholder": one.placeholder,
        "most_characters": one.most_characters,
    }


def _wire(action: str, told: Wire) -> Wire:
    return {"success": True, "response_action": action, **told}


def _check_names(action: str, context: str) -> None:
    if not isinstance(action, str) or not ACTION.fullmatch(action):
        raise ValueError(f"an action is like 'keep', of 16 characters, not {str(action)[:40]!r}")
    if not isinstance(context, str) or not _CONTEXT.fullmatch(context):
        raise ValueError(
            "a context is at most 16 letters, digits, '.', '_' and '-' (an id, say), "
            f"not {str(context)[:40]!r}"
        )


def _check_line(what: str, text: object, most: int, *, needed: bool = True) -> None:
    if not isinstance(text, str) or len(text) > most or not is_one_line(text):
        raise ValueError(f"{what} is one line of at most {most} characters, not {str(text)[:40]!r}")
    if needed and not text.strip():
        raise ValueError(f"{what} is empty")


def _check_count(what: str, count: object, most: int) -> None:
    if type(count) is not int or not 1 <= count <= most:
        raise ValueError(f"{what} is a whole number of 1 to {most}, not {str(count)[:20]}")


def _check_text(text: object) -> None:
    if not isinstance(text, str) or not 0 < len(text.strip()) <= len(text) <= MOST_TEXT:
        raise ValueError(f"the text beside it has 1 to {MOST_TEXT} characters")


def _check_number(what: str, those: object, most: int) -> None:
    if not isinstance(those, tuple) or not 1 <= len(those) <= most:
        raise ValueError(f"{what} is a tuple of 1 to {most}")


def _check_once(names: Iterable[object]) -> None:
    listed = list(names)
    if len(set(listed)) < len(listed):
        raise ValueError("two of them would come back as the same")
