"""Discord's Markdown: https://support.discord.com/hc/en-us/articles/210298617.

Mentions stay: they show a name, and no message of ours notifies anybody by them.
"""

from __future__ import annotations

import re
from datetime import datetime

from waddlebot.platforms.dress import Dress, outside_addresses
from waddlebot_sdk.shown import SIGN, Shown, show_time

# An underscore within a word, and a mark between blanks, is no markup.
_MARKS = re.compile(
    r"[\\`]|<(?=t:\d)|\](?=\s*\()|\|(?=\|)|~(?=~)|\*(?!\s)|(?<!\s)\*|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|^(?=(?:\#{1,3}|>{1,3}|-\#|[-*])\s)",
    re.MULTILINE,
)
_TAGS = re.compile(r"<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|/[^<>\n]{1,60}:\d+|id:\w+)>", re.ASCII)
_FACE = re.compile(r"\](?=\s*\(\s*<?[a-z][a-z0-9+.-]*:)", re.IGNORECASE)


def _plain(text: str) -> str:
    return outside_addresses(text, _escaped)


def _escaped(text: str) -> str:
    end, parts = 0, []
    for tag in _TAGS.finditer(text):
        parts += [_MARKS.sub(r"\\\g<0>", text[end : tag.start()]), tag[0]]
        end = tag.end()
    return "".join([*parts, _MARKS.sub(r"\\\g<0>", text[end:])])


def _marked(text: str) -> str:
    """`[free](https://…)` shows where it leads."""
    return _FACE.sub(r"\]", text)


def _time(at: datetime, shown: Shown, _said: str) -> str:
    return show_time(at, shown).removeprefix(SIGN)


DRESS = Dress(plain=_plain, marked=_marked, time=_time)
