"""A call that reaches out is done once, or nobody says that it was."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.protocol.reaching import CRASH_POINTS, DOUBT, FAILED, OK, Case, Rule, died_at, explore

CRASH_POINTS_PAGE = Path(__file__).resolve().parents[2] / "docs" / "crash-points.md"
ONE = Case(calls=1)
SEVERAL = Case(crashes=2, rivals=0)
CASES = [
    pytest.param(case, id=f"{case.calls} {'repeatable' if case.is_repeatable else 'once'}")
    for one in (ONE, SEVERAL)
    for case in (one, replace(one, is_repeatable=True))
]


@pytest.mark.parametrize("case", CASES)
def test_whoever_dies_an_effect_is_kept_once_and_only_what_was_kept_is_said(case: Case) -> None:
    wrong, ends = explore(case)

    assert not wrong
    doubt = set() if case.is_repeatable else {DOUBT}
    assert {one for end in ends for one in end} == {OK, FAILED, *doubt}


@pytest.mark.parametrize("case", CASES)
def test_where_nobody_dies_all_is_done_and_said(case: Case) -> None:
    assert explore(_unharmed(case)) == ("", {(OK,) * case.calls})


@pytest.mark.parametrize("rule", Rule, ids=str)
def test_no_rule_can_be_broken_unnoticed(rule: Rule) -> None:
    """If this fails, the model does not see what the rule is for."""
    broken = [
        replace(ONE, is_repeatable=is_repeatable, broken=rule) for is_repeatable in (False, True)
    ]
    small = [replace(case, crashes=1) for case in broken]

    assert any(explore(case)[0] for case in small) or any(
        explore(_unharmed(case))[1] != {(OK,)} for case in broken
    )


def test_the_page_on_crash_points_knows_every_one_of_a_call() -> None:
    rows = re.findall(r"^\| `(call\.\S+)` \|", CRASH_POINTS_PAGE.read_text(), re.MULTILINE)

    assert rows == list(CRASH_POINTS)
    assert died_at(ONE) == {*CRASH_POINTS}


def _unharmed(case: Case) -> Case:
    return replace(case, crashes=0, expiries=0)
