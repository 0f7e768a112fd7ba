"""Many plain texts looked for in one pass, compiled in slices that keep nobody waiting.

What one version of a community compiled serves the next: a rule that comes new is a small slice
beside the large ones.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from waddlebot.domain.rule_patterns import bytes_of, options

SLICE = 16_000
"""Bytes of plain text compiled at once: 20 ms, in which nothing else runs in this process."""
_GROWTH = 8
"""A slice is compiled anew with what comes new where it is at most so many times as large."""

# A text that never comes; if it is not found when asked, the slice has no memory to run.
_PROBE = "\x00probe\x00"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Needle:
    """`fold`: in whatever case."""

    text: str
    fold: bool = True

    @property
    def expression(self) -> bytes:
        return bytes_of(("(?i)" if self.fold else "") + re2.escape(self.text))

    @property
    def size(self) -> int:
        return len(bytes_of(self.text))


@dataclass(frozen=True, slots=True)
class Slice:
    """`compiled.Match` answers with places in `needles`."""

    compiled: Any
    needles: tuple[Needle, ...]
    size: int


def plan_needles(
    wanted: Iterable[Needle], older: Sequence[Slice]
) -> tuple[list[Slice], list[list[Needle]]]:
    """Which older slices still serve, and what is to be compiled, slice by slice."""
    asked = dict.fromkeys(wanted)
    serving = [one for one in older if _serves(one, asked)]
    held = {needle for one in serving for needle in one.needles}
    fresh = [needle for needle in asked if needle not in held]
    for one in sorted(serving, key=lambda one: one.size) if fresh else ():
        size = _size(fresh)
        if size * _GROWTH < one.size or size + one.size > SLICE:
            break
        serving.remove(one)
        fresh += [needle for needle in one.needles if needle in asked]
    return serving, list(_parts(fresh))


def _serves(one: Slice, asked: Iterable[Needle]) -> bool:
    """Where most of it is no longer asked for, it costs more than it saves."""
    alive = sum(needle in asked for needle in one.needles)
    return alive * 2 > len(one.needles)


def _size(needles: Iterable[Needle]) -> int:
    return sum(needle.size for needle in needles)


def _parts(needles: Sequence[Needle]) -> Iterator[list[Needle]]:
    part: list[Needle] = []
    size = 0
    for needle in needles:
        if part and size + needle.size > SLICE:
            yield part
            part, size = [], 0
        part.append(needle)
        size += needle.size
    if part:
        yield part


def compile_needles(needles: Sequence[Needle]) -> Iterator[Slice]:
    """One slice of them all; where one of them spoils it, two of the halves."""
    compiled = compile_set([needle.expression for needle in needles], _size(needles))
    if compiled is not None:
        yield Slice(compiled, tuple(needles), _size(needles))
    elif len(needles) == 1:
        log.warning("text of a rule could not be compiled", extra={"text": needles[0].text})
    else:
        middle = len(needles) // 2
        yield from compile_needles(needles[:middle])
        yield from compile_needles(needles[middle:])


def compile_set(expressions: Sequence[bytes], cost: int) -> Any | None:
    """Its `Match` answers with places in `expressions`, or one more; None where it cannot run."""
    compiled = re2.Set.SearchSet(options(cost))
    try:
        for expression in expressions:
            compiled.Add(expression)
        compiled.Add(bytes_of(re2.escape(_PROBE)))
        compiled.Compile()
    except re2.error:
        return None
    return compiled if len(expressions) in (compiled.Match(_PROBE.encode()) or ()) else None
