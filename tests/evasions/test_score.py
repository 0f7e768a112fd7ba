"""The presets against lines that hide what they say, and against lines that do not."""

from __future__ import annotations

import unicodedata

from tests.evasions import Score, all_presets, lines, score
from waddlebot.domain.rule_patterns import MOST_COST, check_pattern, needles_of, reads_exactly
from waddlebot.domain.rule_presets import PRESETS
from waddlebot.domain.string_rules import MatchType

LEAST_CAUGHT_PERCENT = 95
SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI", "GREEK", "CJK", "HANGUL")


def wrong(found: Score) -> list[str]:
    return [f"{line.file}:{line.number} {line.text}" for line in found.wrong]


def test_hardly_any_evasion_gets_by() -> None:
    found = score("hostile")
    assert found.lines >= 300
    assert found.right_percent >= LEAST_CAUGHT_PERCENT, wrong(found)


def test_no_innocent_line_is_hit() -> None:
    found = score("innocent")
    assert found.lines >= 300
    assert wrong(found) == []


def test_both_kinds_are_written_in_many_scripts() -> None:
    for kind in ("hostile", "innocent"):
        names = {
            unicodedata.name(letter, "").split(" ")[0]
            for line in lines(kind)
            for letter in line.text
        }
        assert set(SCRIPTS) <= names, kind


def test_all_presets_fit_into_one_community() -> None:
    patterns = [pattern for preset in PRESETS.values() for pattern in preset.patterns]
    assert sum(check_pattern(MatchType.REGEX, pattern) for pattern in patterns) < MOST_COST * 3 / 4
    assert not any(map(reads_exactly, patterns))
    assert all_presets().resting == ()
    assert sum(bool(needles_of(pattern)) for pattern in patterns) > len(patterns) / 2
