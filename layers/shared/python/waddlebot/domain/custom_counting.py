"""Variables of custom commands that count; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_texts import read_text, variables_of, wrong

COUNTING = frozenset({"count", "getcount"})
HOW_COUNTED = "A counter is one word, and by how much: $(count), $(count deaths +2)."

_COUNTER = re.compile(r"(?P<name>[^\W_]\w{0,49})?\s*(?P<by>[+-]\d{1,4})?")


def counters_of(name: str, text: str) -> Iterator[str]:
    """By their names, those that this command's text counts with."""
    yield from ((named or name).lower() for named in _counting(text))


@lru_cache(maxsize=1_000)
def _counting(text: str) -> tuple[str, ...]:
    """As they are named in it, or not. Kept: whoever brings 300 commands in has all of their texts
    looked at behind each, and to read one takes 120 µs.
    """
    given = (
        "".join(one for one in variable.given if isinstance(one, str))
        for variable in variables_of(read_text(text))
        if variable.name in COUNTING
    )
    found = (_COUNTER.fullmatch(one.strip()) for one in given)
    return tuple((one and one["name"]) or "" for one in found)


def _count(calling: Calling, given: str, usual: int = 1) -> str:
    found = _COUNTER.fullmatch(given)
    name = (found and found["name"]) or calling.command
    return str(calling.count(name.lower(), int((found and found["by"]) or usual)))


def _check_count(given: str) -> None:
    if not _COUNTER.fullmatch(given):
        raise wrong(HOW_COUNTED)


OF_COUNTING: Mapping[str, Meaning] = {
    "count": Meaning(say=_count, check=_check_count),
    "getcount": Meaning(say=lambda calling, given: _count(calling, given, 0), check=_check_count),
}
"""By their names."""
