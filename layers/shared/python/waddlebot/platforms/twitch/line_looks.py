"""How Twitch dresses a line: over EventSub by its fragments, over IRC by tags.

`event` is EventSub's `channel.chat.message`. Docs: "EventSub Reference", "IRC Concepts".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from waddlebot.domain.line_looks import encode_looks
from waddlebot.platforms.fields import id_at, objects_at, raw_text_at

_MOST_COLOR, _MOST_WORD = 7, 100


def looks_of(event: Mapping[str, Any]) -> str:
    color, badges = event.get("color"), event.get("badges")
    return encode_looks(
        color[:_MOST_COLOR] if isinstance(color, str) else "",
        (id_at(one, "set_id") for one in badges[:20]) if isinstance(badges, list) else (),
        _emotes(event),
    )


def _emotes(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in objects_at(event, "message", "fragments"):
        if one.get("type") == "emote" and (number := id_at(one, "emote", "id")):
            yield number, raw_text_at(one, "text").strip()[:_MOST_WORD]


def looks_in(tags: Mapping[str, str], text: str) -> str:
    """`emotes=25:0-4,12-16/1902:6-10` says where in the line each stands, in code points."""
    badges = (one.partition("/")[0] for one in tags.get("badges", "").split(",") if one)
    return encode_looks(tags.get("color", "")[:_MOST_COLOR], badges, _emotes_in(tags, text))


def _emotes_in(tags: Mapping[str, str], text: str) -> Iterator[tuple[str, str]]:
    for one in filter(None, tags.get("emotes", "").split("/")):
        number, _, places = one.partition(":")
        first, _, last = places.partition(",")[0].partition("-")
        if first.isdecimal() and last.isdecimal():
            yield number, text[int(first) : int(last) + 1].strip()[:_MOST_WORD]
