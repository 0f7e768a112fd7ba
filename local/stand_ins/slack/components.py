"""What Slack takes of blocks and views, and how people press them.

Docs: "Block Kit" (actions, button, static_select, input, plain_text_input), "views.open",
"block_actions payload", "view_submission payload".
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import UnknownHappening
from local.stand_ins.slack.payloads import blocks_in

FINDER = "external_select"
_KEPT = 500
_MOST_ELEMENTS, _MOST_OPTIONS, _MOST_ID = 25, 100, 255


def is_wrong_block(block: Any) -> bool:
    """Of those that can be pressed."""
    if not isinstance(block, dict) or block.get("type") != "actions":
        return not isinstance(block, dict)
    elements = block.get("elements") or []
    ids = [one.get("action_id") for one in elements]
    is_good = 1 <= len(elements) <= _MOST_ELEMENTS and len(set(ids)) == len(ids)
    return not is_good or any(map(_is_wrong_element, elements))


def is_wrong_view(view: Any) -> bool:
    if not isinstance(view, dict) or view.get("type") != "modal":
        return True
    titles = [view.get(name) for name in ("title", "submit", "close") if name in view]
    blocks = view.get("blocks") or []
    has_inputs = any(block.get("type") == "input" for block in blocks)
    return (
        "title" not in view
        or (has_inputs and "submit" not in view)
        or not all(_is_text(one, 24) for one in titles)
        or len(str(view.get("callback_id") or "")) > _MOST_ID
        or len(str(view.get("private_metadata") or "")) > 3000
        or not 1 <= len(blocks) <= 100
        or any(map(_is_wrong_input, blocks))
    )


def is_wrong_offer(answer: Any) -> bool:
    """Of what came back for what somebody types ("block_suggestion": options load request)."""
    options = answer.get("options") if isinstance(answer, dict) else None
    return (
        not isinstance(options, list)
        or len(options) > _MOST_OPTIONS
        or any(map(_is_wrong_option, options))
    )


def _is_wrong_option(option: Any) -> bool:
    return (
        not isinstance(option, dict)
        or not _is_text(option.get("text"), 75)
        or not 1 <= len(str(option.get("value") or "")) <= 150
    )


def _is_wrong_element(one: Json) -> bool:
    if not 1 <= len(str(one.get("action_id") or "")) <= _MOST_ID:
        return True
    if one.get("type") == "button":
        has_style = one.get("style", "primary") in ("primary", "danger")
        return not (_is_text(one.get("text"), 75) and has_style)
    if one.get("type") == FINDER:
        has_least = one.get("min_query_length", 3) in range(10)
        return not (has_least and _is_text(one.get("placeholder"), 150) and "options" not in one)
    options = one.get("options") or []
    is_menu = one.get("type") == "static_select" and 1 <= len(options) <= _MOST_OPTIONS
    return not is_menu or any(map(_is_wrong_option, options))


def _is_wrong_input(block: Json) -> bool:
    if block.get("type") == "section":
        return not _is_text(block.get("text"), 3000)
    if block.get("type") != "input":
        return is_wrong_block(block)
    element = block.get("element") or {}
    most = element.get("max_length", 3000)
    return (
        not _is_text(block.get("label"), 2000)
        or element.get("type") != "plain_text_input"
        or not 1 <= most <= 3000
        or len(element.get("initial_value") or "") > most
        or not 1 <= len(str(element.get("action_id") or "")) <= _MOST_ID
        or not (element.get("placeholder") is None or _is_text(element["placeholder"], 150))
    )


def _is_text(found: Any, most: int) -> bool:
    is_plain = isinstance(found, dict) and found.get("type") == "plain_text"
    return is_plain and 1 <= len(str(found.get("text") or "")) <= most


@dataclass(frozen=True, slots=True)
class Seen:
    """A message with blocks; `only_for` is the login of who alone sees it."""

    channel: str
    ts: str
    blocks: list[Json]
    only_for: str


class SlackHands:
    """What people press and fill in: only what stands before them."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque(maxlen=_KEPT)
        self._views: OrderedDict[tuple[str, str], Json] = OrderedDict()
        self._lists: OrderedDict[tuple[str, str], list[Json]] = OrderedDict()

    def see(self, place: StandInPlace, body: Json, ts: str, only_for: str) -> None:
        if any(block.get("type") == "actions" for block in blocks_in(body)):
            self._seen.append(Seen(place.channel, ts, blocks_in(body), only_for))

    def forget(self, place: StandInPlace, ts: str) -> None:
        """What stood there stands there no more."""
        others = [one for one in self._seen if (one.channel, one.ts) != (place.channel, ts)]
        self._seen = deque(others, maxlen=_KEPT)

    def open_view(self, place: StandInPlace, login: str, view: Json) -> None:
        self._views[login, place.channel] = view
        if len(self._views) > _KEPT:
            self._views.popitem(last=False)

    def find(self, login: str, place: StandInPlace) -> Json:
        """The newest field that finds something: `action_id`, `message_ts`."""
        for seen, one in self._before(login, place):
            if one["type"] == FINDER:
                return {"action_id": one["action_id"], "message_ts": seen.ts}
        raise UnknownHappening("there is no field that anything is found in.")

    def list_open(self, login: str, place: StandInPlace, options: list[Json]) -> None:
        """What stands below that field now."""
        self._lists[login, place.channel] = options
        if len(self._lists) > _KEPT:
            self._lists.popitem(last=False)

    def take(self, login: str, place: StandInPlace, value: str) -> Json:
        """As `press`, of what is listed there now."""
        listed = [one["value"] for one in self._lists.get((login, place.channel), ())]
        if value not in listed:
            raise UnknownHappening(f"{value!r} is not listed there.")
        return {**self.find(login, place), "selected": value, "element": FINDER}

    def press(self, kind: str, login: str, place: StandInPlace, label: str) -> Json:
        """Of the newest that is called so: `action_id`, `message_ts`, and `selected` of a menu."""
        wanted = "button" if kind == "button_click" else "static_select"
        for seen, one in self._before(login, place):
            if one["type"] == wanted and (pressed := _pressed(one, label)) is not None:
                return {"action_id": one["action_id"], "message_ts": seen.ts, **pressed}
        raise UnknownHappening(f"nobody sees anything called {label!r} there.")

    def _before(self, login: str, place: StandInPlace) -> Iterator[tuple[Seen, Json]]:
        """What stands before this person, the newest first."""
        for seen in reversed(self._seen):
            if seen.channel == place.channel and seen.only_for in ("", login):
                for one in _elements(seen.blocks):
                    yield seen, one

    def fill_in(self, login: str, place: StandInPlace, fields: Mapping[str, Any]) -> Json:
        """The view with its `state`; a client closes it with that."""
        view = self._views.pop((login, place.channel), None)
        if view is None:
            raise UnknownHappening("no form is open there.")
        values = {
            block["block_id"]: {
                block["element"]["action_id"]: {
                    "type": "plain_text_input",
                    "value": _filled(block, fields),
                }
            }
            for block in view["blocks"]
            if block["type"] == "input"
        }
        return {**view, "state": {"values": values}}


def _filled(block: Json, fields: Mapping[str, Any]) -> str | None:
    """What the client lets through; what is empty is null."""
    element = block["element"]
    value = str(fields.get(element["action_id"], element.get("initial_value") or ""))
    if not block.get("optional") and not value:
        raise UnknownHappening(f"the client sends no form without {element['action_id']}.")
    return value[: element.get("max_length", 3000)] or None


def _elements(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        if block.get("type") == "actions":
            yield from block["elements"]


def _pressed(one: Json, label: str) -> Json | None:
    if one["type"] == "button":
        return {} if one["text"]["text"] == label else None
    values = [option["value"] for option in one["options"] if option["text"]["text"] == label]
    return {"selected": values[0]} if values else None
