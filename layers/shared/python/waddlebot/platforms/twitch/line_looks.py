"""How Twitch dresses a line: over EventSub by its fragments, over IRC by tags.

`event` is EventSub's `channel.chat.message`. Docs: "EventSub Reference", "IRC Concepts".
Every line comes by here and few are shown: what is read is checked where it is (line_looks.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from waddlebot.domain.line_looks import MOST_BADGES, MOST_EMOTES, encode_looks
from waddlebot.platforms.fields import dig

_MOST = 100


def looks_of(event: Mapping[str, Any]) -> str:
    badges, fragments = event.get("badges"), dig(event, "message", "fragments")
    return encode_looks(
        _plain(event.get("color")),
        _badges(badges) if isinstance(badges, list) else (),
        _emotes(fragments) if isinstance(fragments, list) else (),
    )


def _badges(badges: list[Any]) -> Iterable[str]:
    return [_plain(one.get("set_id")) for one in badges[:MOST_BADGES] if isinstance(one, dict)]


def _emotes(fragments: list[Any]) -> Iterator[tuple[str, str]]:
    for one in fragments[:MOST_EMOTES]:
        if isinstance(one, dict) and one.get("type") == "emote":
            number, word = _plain(dig(one, "emote", "id")), _plain(one.get("text")).strip()
            if number and word:
                yield number, word


def _plain(value: object) -> str:
    """Colours, badges and words of emotes are ASCII."""
    return value[:_MOST] if isinstance(value, str) and value.isascii() else ""


def looks_in(tags: Mapping[str, str], text: str) -> str:
    """`emotes=25:0-4,12-16/1902:6-10` says where in the line each stands, in code points."""
    badges = (one.partition("/")[0] for one in tags.get("badges", "").split(",") if one)
    emotes = _emotes_in(tags["emotes"], text) if tags.get("emotes") else ()
    return encode_looks(_plain(tags.get("color")), map(_plain, badges), emotes)


def _emotes_in(told: str, text: str) -> Iterator[tuple[str, str]]:
    for one in told.split("/")[:MOST_EMOTES]:
        number, _, places = one.partition(":")
        first, _, last = places.partition(",")[0].partition("-")
        if first.isdecimal() and last.isdecimal():
            yield _plain(number), _plain(text[int(first) : int(last) + 1]).strip()
