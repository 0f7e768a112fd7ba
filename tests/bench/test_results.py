"""The short form: whether the bench works, not how quick the house is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from bench.__main__ import NUMBERS, PAGE, RESULTS, main
from bench.goals import GOALS
from bench.ratios import Pair, RatioGoal, RatioRow
from bench.results import Section
from bench.results_page import NOT_MEASURED, TIMES, Run, as_json, render
from bench.samples import Goal, result

SECTIONS = [
    "A command in the router, stage by stage",
    "End to end, by the clock and by process",
    "Asked",
    "The busiest stream",
]
TITLES = ["Ratios", *SECTIONS, "Not measured"]


def test_everything_is_measured_beside_something_and_told_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["results", "--short", "--to", str(tmp_path)]) == 0

    page, told = (tmp_path / PAGE).read_text("utf-8"), capsys.readouterr()
    numbers = json.loads((tmp_path / NUMBERS).read_text("utf-8"))
    assert told.out == page + "\n"
    assert "bench  end to end and an own prefix, in turn" in told.err
    assert re.findall("^## (.*)$", page, re.MULTILINE) == TITLES
    assert [one["name"] for one in numbers["ratios"]] == [goal.name for goal in GOALS]
    for one in numbers["ratios"]:
        assert one["verdict"] == "undecided", "so few pairs say nothing"
        assert one["pairs"] > 0 or "not installed" in one["absent"] or "needs" in one["absent"]
        assert f"| {one['name']} | {one['beside']} | " in page
    assert list(dict.fromkeys(one["section"] for one in numbers["results"])) == SECTIONS
    for one in numbers["results"]:
        assert 0 < one["low"] <= one["median"] <= one["high"], one
        assert one["unit"]
        assert one["how"]
        assert f"| {one['name']} | " in page


def test_a_missed_goal_is_said_first_with_what_was_tried() -> None:
    run = a_run(
        ratios=[
            a_row("quick", 0.4, Goal(words="at most", value=0.5)),
            a_row("slow", 0.02, Goal(words="at least", value=0.1), tried="Half of it was found."),
            RatioRow(of=a_goal("lonely", Goal(words="at most", value=1)), absent="nobody there"),
        ]
    )
    page = with_plain_spaces(render(run))

    assert "**Of 3 goals: 1 met, 1 missed, 1 undecided.**\nMissed:\n\n" in page
    assert "- slow, beside a peer: 2.0 % (≥ 10 %). Half of it was found.\n" in page
    assert f"- lonely, beside a peer: nobody there (≤ 1 {TIMES})\n" in page
    assert f"| 0.40 to 0.40 {TIMES} | ≤ 0.5 {TIMES} met | 4.00 µs | 10.00 µs |" in page
    assert f"| - | - | ≤ 1 {TIMES} undecided | - | - | nobody there |" in page
    assert "Load average: 0.70 before the run, 2.00 after it.\nOther work ran" in page
    assert all(f"- {one}" in page for one in NOT_MEASURED)


def test_programs_read_the_same() -> None:
    row = a_row("quick", 0.4, Goal(words="at most", value=0.5))
    numbers = json.loads(as_json(a_run(ratios=[row])))

    assert numbers["measured_on"] == "2026-07-01"
    assert numbers["ratios"] == [
        {
            "name": "quick",
            "beside": "a peer",
            "goal": {"at_most": 0.5},
            "verdict": "met",
            "pairs": 9,
            "how": "CPU",
            "ratio": 0.4,
            "interval": [0.4, 0.4],
            "ours": 4.0,
            "theirs": 10.0,
            "unit": "µs",
        }
    ]


def test_the_results_of_this_release_are_whole() -> None:
    page = (RESULTS / PAGE).read_text("utf-8")
    numbers = json.loads((RESULTS / NUMBERS).read_text("utf-8"))

    if "ratios" not in numbers:
        pytest.skip("they are times of an earlier release: make bench writes them anew")
    assert not numbers["is_short"]
    assert re.findall("^## (.*)$", page, re.MULTILINE) == TITLES
    assert [one["name"] for one in numbers["ratios"]] == [goal.name for goal in GOALS]
    assert all(f"| {one['name']} | " in page for one in numbers["results"]), "run: make bench"
    assert f"Measured on {numbers['measured_on']} " in page


def with_plain_spaces(page: str) -> str:
    return page.replace("\N{NO-BREAK SPACE}", " ")


def a_goal(name: str, goal: Goal, tried: str = "") -> RatioGoal:
    return RatioGoal(
        key=name, name=name, beside="a peer", goal=goal, unit="µs", how="CPU", tried=tried
    )


def a_row(name: str, ratio: float, goal: Goal, tried: str = "") -> RatioRow:
    pairs = [Pair(10 * ratio, 10.0)] * 9
    return RatioRow(of=a_goal(name, goal, tried), pairs=pairs)


def a_run(*, ratios: Sequence[RatioRow]) -> Run:
    lines = result("lines", [1.0, 2.0, 3.0], "µs", "CPU")
    return Run(
        on=date(2026, 7, 1),
        took_seconds=61.5,
        load=(0.7, 2.0),
        is_short=False,
        ratios=ratios,
        sections=[Section(title="Lines", note="CPU a line.", results=[lines])],
    )
