"""Emoji by their names and back, as Slack has them; others type them as they look.

The table is read at its first use: senders alone need it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from waddlebot.domain.entities import platform_of
from waddlebot.domain.events import Event

TABLE = Path(__file__).with_suffix(".txt")

_NAMED = re.compile(r":([^\s:<>/]{1,100}(?:::skin-tone-[2-6])?):")
_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")
_FIRST_TONE, _FIRST_NUMBER = 0x1F3FB, 2
_AS_EMOJI = "\ufe0f"


def find_name(emoji: str) -> str | None:
    """`birthday` of 🎂 and of `:birthday:`, `+1::skin-tone-4` of 👍🏽; None: nothing is called so.

    What stands between colons may be an emoji of the workspace's own: it is taken as it stands.
    """
    if named := _NAMED.fullmatch(emoji):
        return named[1]
    name = _names().get(_bare(emoji))
    tones = {
        f"::skin-tone-{ord(one) - _FIRST_TONE + _FIRST_NUMBER}" for one in _TONES.findall(emoji)
    }
    if name is None:
        name = _names().get(_bare(_TONES.sub("", emoji)))
    elif emoji in _TONES.findall(emoji):  # a tone alone
        return name
    return f"{name}{tones.pop()}" if name and len(tones) == 1 else name


def find_emoji(text: str) -> str:
    """🎂 of `:birthday:`; what has no such name stays as it is."""
    named = _NAMED.fullmatch(text)
    return _emoji().get(named[1], text) if named else text


def sign_of_reaction(event: Event) -> str:
    """The emoji itself; Slack says its name: `pushpin`, `+1::skin-tone-4`."""
    told = event.data.get("emoji")
    if not isinstance(told, str):
        return ""
    name = told.partition("::")[0]
    sign = _emoji().get(name, told) if platform_of(event.entity) == "slack" else told
    return _bare(_TONES.sub("", sign))


@cache
def _rows() -> list[tuple[str, list[str]]]:
    lines = TABLE.read_text("utf-8").splitlines()
    rows = [line.split(" ") for line in lines if not line.startswith("#")]
    return [("".join(chr(int(one, 16)) for one in code.split("-")), names) for code, *names in rows]


@cache
def _names() -> dict[str, str]:
    return {_bare(emoji): names[0] for emoji, names in _rows()}


@cache
def _emoji() -> dict[str, str]:
    return {name: emoji for emoji, names in _rows() for name in names}


def _bare(emoji: str) -> str:
    """Whether it says that it is to be drawn in colours is nobody's difference."""
    return emoji.replace(_AS_EMOJI, "")
