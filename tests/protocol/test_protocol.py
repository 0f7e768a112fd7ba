"""Whoever dies, and whatever is delivered how often: every call is answered once."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.protocol.explore import CRASH_POINTS, Explored, explore
from tests.protocol.states import Case, Faults, Rule

IS_DEEP = "WADDLEBOT_CHAOS_EVENTS" in os.environ
CRASH_POINTS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "crash-points.md"

ASKED = Case(is_asked=True, calls="q")
TOLD_SLOW = Case(is_asked=False, calls="s")
TOLD_IN_WAVES = Case(is_asked=False, calls="qs")
ASKED_SLOW = Case(is_asked=True, calls="s")
ASKED_IN_WAVES = Case(is_asked=True, calls="qs")
CASES = (ASKED, TOLD_SLOW, TOLD_IN_WAVES, ASKED_SLOW, *([ASKED_IN_WAVES] if IS_DEEP else []))
FAULTS = (
    Faults(crashes=3, expiries=1 + IS_DEEP, blips=int(IS_DEEP)),
    Faults(crashes=2, expiries=int(IS_DEEP), blips=1),
    Faults(crashes=1, expiries=int(IS_DEEP), rivals=1),
)
POISON = Case(is_asked=False, calls="q", is_patient=False)
CHEAPLY_BROKEN = (
    (TOLD_IN_WAVES, Faults(crashes=1)),
    (ASKED, Faults(crashes=1)),
    (ASKED, Faults(expiries=1)),
    (ASKED_IN_WAVES, Faults(crashes=1)),
    (ASKED_IN_WAVES, Faults(blips=1)),
)


def explored(case: Case, faults: Faults) -> Explored:
    return explore(replace(case, faults=faults))


@pytest.mark.parametrize("faults", FAULTS, ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_call_is_answered_once(case: Case, faults: Faults) -> None:
    found = explored(case, faults)

    assert not found.wrong, found.wrong
    assert {end.excuse for end in found.ends} <= {"", "ingress died", "a sentence was said"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_where_nobody_dies_and_servers_answer_all_is_shown(case: Case) -> None:
    [end] = explored(case, Faults(expiries=2)).ends

    assert (end.shown, end.in_doubt, end.excuse) == (case.calls, "", "")


def test_what_kills_its_router_is_a_dead_letter() -> None:
    found = explored(POISON, Faults(crashes=3, expiries=2 * IS_DEEP))

    assert not found.wrong, found.wrong
    assert {end.excuse for end in found.ends} == {"", "dead letter"}


@pytest.mark.parametrize("rule", Rule, ids=str)
def test_no_rule_can_be_broken_unnoticed(rule: Rule) -> None:
    """If this fails, the model does not see what the rule is for."""
    assert any(explored(case.without(rule), faults).wrong for case, faults in CHEAPLY_BROKEN)


@pytest.mark.parametrize("case", [TOLD_SLOW, *([ASKED, ASKED_SLOW] if IS_DEEP else [])], ids=str)
def test_what_is_not_looked_at_changes_no_end(case: Case) -> None:
    harmed = replace(case, faults=Faults(crashes=1))

    assert explore(harmed).ends == explore(harmed, is_whole=True).ends


def test_the_page_on_crash_points_knows_every_one() -> None:
    rows = re.findall(r"^\| `(?!call\.)(\S+)` \|", CRASH_POINTS_PAGE.read_text(), re.MULTILINE)
    reached = [
        explored(case, Faults(crashes=2)).died_at
        for case in (ASKED_SLOW, TOLD_SLOW, replace(POISON, most_deaths=1))
    ]

    assert sorted(rows) == sorted(CRASH_POINTS)
    assert set.union(*reached) == CRASH_POINTS
