"""How a platform dresses a line: the colour of a name, badges, and which words are emotes.

One short text of an event, as nearly nobody reads it: `#1e90ff<tab>moderator,vip<tab>25:Kappa`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_EMOTE = re.compile(r"[\w-]{1,64}", re.ASCII)
_BADGE = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)
MOST_BADGES = 8
MOST_EMOTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLooks:
    """`color` is `#rrggbb` or empty; `emotes` are ids by the words that stand for them."""

    color: str = ""
    badges: tuple[str, ...] = ()
    emotes: Mapping[str, str] = field(default_factory=dict)


def encode_looks(color: str, badges: Iterable[str], emotes: Iterable[tuple[str, str]]) -> str:
    """`emotes` are `(id, word)`. Empty where there is nothing to be told."""
    worn, named = ",".join(badges), " ".join({f"{one}:{word}": None for one, word in emotes})
    return f"{color}\t{worn}\t{named}" if color or worn or named else ""


def decode_looks(text: str) -> LineLooks:
    """What is no colour, badge or emote is left out: it came from elsewhere."""
    if not text:
        return LineLooks()
    color, _, rest = text.partition("\t")
    worn, _, shown = rest.partition("\t")
    badges = [one for one in worn.split(",") if _BADGE.fullmatch(one)]
    emotes = (one.partition(":") for one in shown.split(" ")[:MOST_EMOTES])
    return LineLooks(
        color=color.lower() if _COLOR.fullmatch(color) else "",
        badges=tuple(badges[:MOST_BADGES]),
        emotes={word: one for one, _, word in emotes if word and _EMOTE.fullmatch(one)},
    )
