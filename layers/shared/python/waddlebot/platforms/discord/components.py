"""Buttons, menus and forms as Discord takes them.

Docs: "Component Reference" (rows, buttons, string selects, labels, text inputs, text displays),
"Modal".
"""

from __future__ import annotations

from typing import Any

from waddlebot.domain.offers import OfferedButton, OfferedField, OfferedForm, OfferedMenu, Offering
from waddlebot.platforms.discord.dress import DRESS
from waddlebot.platforms.wording import disarm, shortened

_ROW, _BUTTON, _MENU, _INPUT, _TEXT, _LABEL = 1, 2, 3, 4, 10, 18
_STYLES = {"plain": 2, "main": 1, "danger": 4}
_ONE_LINE, _LINES = 1, 2
_MOST_IN_MODAL = 5
_MOST_LABEL, _MOST_OPTION, _MOST_TITLE, _MOST_PLACEHOLDER = 80, 100, 45, 100

Component = dict[str, Any]


def rows_of(offer: Offering) -> list[Component]:
    """What stands below a message: one row of buttons, or one menu."""
    if offer.menu:
        return [_row([_menu(offer.menu)])]
    return [_row([_button(one) for one in offer.below])]


def modal_of(form: OfferedForm) -> dict[str, Any]:
    """The `data` of callback type 9: `{"custom_id", "title", "components"}`."""
    return {
        "custom_id": form.id,
        "title": shortened(form.title, _MOST_TITLE),
        "components": [*_above(form), *map(_label, form.fields)],
    }


def _above(form: OfferedForm) -> list[Component]:
    """What is said of it, as it stands; five fields leave no room for that."""
    has_room = len(form.fields) < _MOST_IN_MODAL
    said = DRESS.plain(disarm(form.text.strip()))
    return [{"type": _TEXT, "content": said}] if said and has_room else []


def _row(components: list[Component]) -> Component:
    return {"type": _ROW, "components": components}


def _button(button: OfferedButton) -> Component:
    return {
        "type": _BUTTON,
        "style": _STYLES.get(button.style, _STYLES["plain"]),
        "label": shortened(button.label, _MOST_LABEL),
        "custom_id": button.id,
    }


def _menu(menu: OfferedMenu) -> Component:
    options = [
        {
            "label": shortened(one.label, _MOST_OPTION),
            "value": one.value,
            **({"description": shortened(one.about, _MOST_OPTION)} if one.about else {}),
        }
        for one in menu.options
    ]
    return {
        "type": _MENU,
        "custom_id": menu.id,
        "placeholder": shortened(disarm(menu.placeholder), _MOST_PLACEHOLDER),
        "options": options,
    }


def _label(field: OfferedField) -> Component:
    """A text input in a label: in a row of its own it is deprecated."""
    inside: Component = {
        "type": _INPUT,
        "custom_id": field.name,
        "style": _LINES if field.long else _ONE_LINE,
        "required": field.required,
        "max_length": field.most_characters,
    }
    if field.value:
        inside["value"] = field.value
    if field.placeholder:
        inside["placeholder"] = shortened(field.placeholder, _MOST_PLACEHOLDER)
    return {"type": _LABEL, "label": shortened(field.label, _MOST_TITLE), "component": inside}
