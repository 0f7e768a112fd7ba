"""What a memory is tagged with: words of any script, found by `#raid`."""

from __future__ import annotations

import re

from waddlebot.domain.own_names import fold_name, is_name

MOST_CHARACTERS = 32
_MARKED = re.compile(r"(?<!\S)#(\S{1,64})(?!\S)")


def fold_tag(typed: str) -> str:
    """`#Raid` as `raid`: as it is kept and compared."""
    return fold_name(typed.removeprefix("#"))


def is_tag(name: str) -> bool:
    """Letters, digits, `-` and `_`, folded; a number alone would be that of a quote."""
    letters = name.replace("-", "_").strip("_")
    return len(name) <= MOST_CHARACTERS and is_name(letters) and not letters.isdigit()


def take_tags(typed: str) -> tuple[tuple[str, ...], str]:
    """`#raid waddle` as ("raid",) and `waddle`; words without tags as they were typed."""
    found: list[str] = []

    def take(one: re.Match[str]) -> str:
        name = fold_tag(one[1])
        if not is_tag(name):
            return one[0]
        found.append(name)
        return " "

    rest = _MARKED.sub(take, typed)
    return (tuple(found), " ".join(rest.split())) if found else ((), typed)
