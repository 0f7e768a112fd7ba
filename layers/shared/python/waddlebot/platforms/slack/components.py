"""Buttons, menus and forms as Slack takes them.

Docs: "Block Kit": actions block, button element, select menu of static options, input block,
plain-text input element, select menu of external data source; "Modal views"; lengths under each.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from waddlebot.domain.entities import parse_entity
from waddlebot.domain.events import ResponseUrl
from waddlebot.domain.offers import OfferedButton, OfferedField, OfferedForm, OfferedMenu, Offering
from waddlebot.domain.replies import Reply
from waddlebot.platforms.slack.listings import Block
from waddlebot.platforms.wording import disarm, shortened

if TYPE_CHECKING:
    from waddlebot_sdk.completions import Choice

_MOST_LABEL, _MOST_PLACEHOLDER, _MOST_TITLE, _MOST_FIELD = 75, 150, 24, 2000
_MOST_OPTION, _MOST_SECTION = 75, 3000
FINDER = "waddlebot_finder"
"""What is chosen there is a line that whoever chose it might have typed: nothing is signed."""
_STYLES = {"main": {"style": "primary"}, "danger": {"style": "danger"}}


def actions_of(offer: Offering) -> Block:
    """The block that stands below the text."""
    if offer.finder:
        elements = [_finder(offer.finder)]
    elif offer.menu:
        elements = [_menu(offer.menu)]
    else:
        elements = [_button(one) for one in offer.below]
    return {"type": "actions", "elements": elements}


def options_of(choices: Iterable[Choice]) -> dict[str, Any]:
    """What Slack shows below a finder: `{"options": […]}`."""
    options = [{"text": _plain(one.shown, _MOST_OPTION), "value": one.value} for one in choices]
    return {"options": options}


def view_of(form: OfferedForm, reply: Reply) -> dict[str, Any]:
    """What `views.open` takes. Where it is filled in a view does not say: its metadata do."""
    thread = reply.way_back.thread if isinstance(reply.way_back, ResponseUrl) else None
    where = {"channel": parse_entity(reply.entity).channel, "thread": thread}
    return {
        "type": "modal",
        "callback_id": form.id,
        "private_metadata": json.dumps(where),
        "title": _plain(form.title, _MOST_TITLE),
        "submit": _plain(form.submit, _MOST_TITLE),
        "close": _plain("Cancel", _MOST_TITLE),
        "blocks": [*_above(form), *map(_input, form.fields)],
    }


def _above(form: OfferedForm) -> list[Block]:
    """What is said of it, as it stands."""
    said = form.text.strip()
    return [{"type": "section", "text": _plain(said, _MOST_SECTION)}] if said else []


def _button(button: OfferedButton) -> Block:
    return {
        "type": "button",
        "action_id": button.id,
        "text": _plain(button.label, _MOST_LABEL),
        **_STYLES.get(button.style, {}),
    }


def _finder(words: str) -> Block:
    return {
        "type": "external_select",
        "action_id": FINDER,
        "placeholder": _plain(words, _MOST_PLACEHOLDER),
        "min_query_length": 0,
    }


def _menu(menu: OfferedMenu) -> Block:
    options = [
        {
            "text": _plain(one.label, _MOST_LABEL),
            "value": one.value,
            **({"description": _plain(one.about, _MOST_LABEL)} if one.about else {}),
        }
        for one in menu.options
    ]
    placeholder = _plain(menu.placeholder, _MOST_PLACEHOLDER)
    return {
        "type": "static_select",
        "action_id": menu.id,
        "placeholder": placeholder,
        "options": options,
    }


def _input(field: OfferedField) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": field.name,
        "multiline": field.long,
        "max_length": field.most_characters,
    }
    if field.value:
        element["initial_value"] = field.value
    if field.placeholder:
        element["placeholder"] = _plain(field.placeholder, _MOST_PLACEHOLDER)
    return {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, _MOST_FIELD),
        "element": element,
        "optional": not field.required,
    }


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": shortened(disarm(text), most)}
