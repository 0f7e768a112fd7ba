"""What aliases and custom commands are called: words of any script, and which two look alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from waddlebot.domain.look_alikes import IN_ANY_WORD, IN_MIXED_WORDS, table
from waddlebot_sdk.own_words import EMOJI

MOST_CHARACTERS = 50
MOST_MARKS = 4
"""On one letter: Burmese needs as many, and towers of them cover the lines around."""

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
# Persian and Hindi are written with them, and emoji made of several; elsewhere they do nothing.
_IDLE_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
_JOINERS = re.compile("[\u200c\u200d]")
_IS_EMOJI = re.compile(f"[{EMOJI}]")
_LAST_LATIN = "\u024f"
"""Up to there are letters that people write: ø is no o."""


def fold_name(typed: str) -> str:
    """As it is kept and looked up, whatever a keyboard made of it: in small letters, NFKC, and
    without what nobody sees.
    """
    if typed.isascii():
        return typed.lower()
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", typed).lower())
    return _IDLE_JOINER.sub("", unicodedata.normalize("NFKC", plain))


def is_name(name: str) -> bool:
    """Letters and digits with their marks, `_` and emoji, beginning with none of the former two."""
    if name.isascii():
        name_of_ascii = re.fullmatch(rf"[a-z0-9]\w{{0,{MOST_CHARACTERS - 1}}}", name)
        return name_of_ascii is not None
    kinds = "".join(map(_kind, name))
    return 0 < len(name) <= MOST_CHARACTERS and _WORD.fullmatch(kinds) is not None


_WORD = re.compile(rf"l(?:m{{0,{MOST_MARKS}}}[l_j])*m{{0,{MOST_MARKS}}}")


def _kind(letter: str) -> str:
    """`l` begins a name, `m` stands on what is before it, `_` and `j` between; others are none."""
    if letter.isalnum() or _IS_EMOJI.match(letter):
        return "l"
    if letter == "_":
        return "_"
    if _JOINERS.match(letter):
        return "j"
    return "m" if unicodedata.category(letter).startswith("M") else "x"


def find_alike(name: str, names: Iterable[str]) -> str | None:
    """Another of these names that people read as the same one."""
    return next((one for one in names if one != name and _look_alike(name, one)), None)


def in_latin(name: str) -> str:
    """As whoever reads Latin letters alone takes it."""
    return _seen(name).translate(_of_mixed())


def _look_alike(one: str, other: str) -> bool:
    if one.isascii() and other.isascii():
        return False
    one, other = _seen(one), _seen(other)
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(a == b or _are_alike(a, b) for a, b in pairs)


def _are_alike(one: str, other: str) -> bool:
    """Those of one script are told apart by its readers."""
    looks = one.translate(_of_mixed()) == other.translate(_of_mixed())
    return looks and _script(one) != _script(other)


def _seen(name: str) -> str:
    return _JOINERS.sub("", name).translate(_of_any())


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


@cache
def _of_mixed() -> Mapping[int, str]:
    return table(IN_MIXED_WORDS)


@cache
def _of_any() -> Mapping[int, str]:
    return {code: to for code, to in table(IN_ANY_WORD).items() if chr(code) > _LAST_LATIN}
