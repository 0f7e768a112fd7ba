"""Lines that hide what they say, and lines that hide nothing: every file of this folder.

`hostile*.txt` and `innocent*.txt`, a line each. Files by other hands stand beside ours; what all
presets together make of them is the score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from functions.router.rule_sets import RuleSet
from waddlebot.domain.entities import EntityId
from waddlebot.domain.rule_patterns import check_pattern
from waddlebot.domain.rule_presets import PRESETS
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule

FOLDER = Path(__file__).parent
PLACE = EntityId("discord:channel:1/2")


@dataclass(frozen=True, slots=True)
class Line:
    file: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind of file: how many lines, and those that came out wrong."""

    lines: int
    wrong: tuple[Line, ...]

    @property
    def right_percent(self) -> float:
        return 100 * (1 - len(self.wrong) / self.lines)


def lines(kind: str, folder: Path = FOLDER) -> Iterator[Line]:
    for file in sorted(folder.glob(f"{kind}*.txt")):
        for number, text in enumerate(file.read_text("utf-8").split("\n"), start=1):
            if text.strip():
                yield Line(file.name, number, text)


def all_presets() -> RuleSet:
    patterns = [pattern for preset in PRESETS.values() for pattern in preset.patterns]
    return RuleSet.of(
        [
            StringRule(
                id=number,
                match_type=MatchType.REGEX,
                pattern=pattern,
                action=RuleAction.BLOCK,
                cost=check_pattern(MatchType.REGEX, pattern),
            )
            for number, pattern in enumerate(patterns)
        ]
    )


def score(kind: str) -> Score:
    """Of `hostile` lines those are wrong that nothing hits, of `innocent` those that are hit."""
    rules, found = all_presets(), list(lines(kind))
    wrong = [line for line in found if bool(rules.find(line.text, PLACE)) != (kind == "hostile")]
    return Score(len(found), tuple(wrong))
