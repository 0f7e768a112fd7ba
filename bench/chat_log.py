"""A chat log of our own (chat_log.txt) and as many new lines of its kind as are wanted."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LOG = Path(__file__).with_name("chat_log.txt")
PREFIXES = ("!", "#")
SEED = 1
"""The same lines in every run."""
ASKERS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    who: str
    text: str

    @property
    def is_command(self) -> bool:
        return self.text.startswith(PREFIXES)


@cache
def sample() -> tuple[Line, ...]:
    rows = (row.split("\t", 1) for row in LOG.read_text("utf-8").splitlines())
    return tuple(Line(who=who, text=text) for who, text in rows)


@cache
def words() -> tuple[str, ...]:
    """The different words of the sample, the ones said most often first."""
    counts: dict[str, int] = {}
    for line in sample():
        for word in line.text.split():
            counts[word] = counts.get(word, 0) + 1
    return tuple(sorted(counts, key=lambda word: (-counts[word], word)))


def quiet_lines(seed: int = SEED) -> Iterator[Line]:
    """Without end; each is put together from two of the sample and a number, so none comes twice.

    A repeated line would find the automata of the rules warmer than chat ever does.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    quiet = [line for line in sample() if not line.is_command]
    number = 0
    while True:
        number += 1
        first, second = chance.sample(quiet, 2)
        mine = first.text.split()
        cut = chance.randint(1, len(mine))
        text = " ".join((*mine[:cut], *second.text.split()[-4:], str(number)))
        yield Line(who=first.who, text=text)


def mostly_ascii(lines: Iterator[Line]) -> Iterator[Line]:
    """Of these so many that a tenth is not ASCII, as in chat that is mostly English."""
    for number in itertools.count(1):
        is_ascii = number % 10 != 0
        yield next(line for line in lines if line.text.isascii() is is_ascii)


def replay(seed: int = SEED) -> Iterator[Line]:
    """The sample over and over: quiet lines new each time, commands as they stand."""
    fresh = quiet_lines(seed)
    while True:
        for line in sample():
            yield line if line.is_command else next(fresh)


def questions(seed: int = SEED) -> Iterator[Line]:
    """Without end: `!quote`, by a thousand people in turn, so that nobody's window fills up."""
    for number in itertools.count(seed):
        yield Line(who=f"asker{number % ASKERS}", text="!quote")
