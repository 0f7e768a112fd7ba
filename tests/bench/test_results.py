"""The short form: whether the bench works, not how quick the house is."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import NUMBERS, PAGE, RESULTS, main
from bench.results import Section
from bench.results_page import NOT_MEASURED, Run, as_json, render
from bench.samples import Goal, result

SECTIONS = [
    "A quiet line in the router, before I/O",
    "A quiet line in the router, with I/O",
    "A command in the router",
    "Looking for rules alone",
    "End to end",
    "Asked",
    "The busiest stream",
    "Import of ingress",
]


def test_everything_is_measured_and_told_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["results", "--short", "--to", str(tmp_path)]) == 0

    page, told = (tmp_path / PAGE).read_text("utf-8"), capsys.readouterr()
    numbers = json.loads((tmp_path / NUMBERS).read_text("utf-8"))
    assert told.out == page + "\n"
    assert "bench  end to end: chat" in told.err
    assert re.findall("^## (.*)$", page, re.MULTILINE) == [*SECTIONS, "Not measured"]
    assert list(dict.fromkeys(one["section"] for one in numbers["results"])) == SECTIONS
    for one in numbers["results"]:
        assert 0 < one["low"] <= one["median"] <= one["high"], one
        assert (one["goal"] is None) == (one["is_met"] is None)
        assert one["unit"]
        assert one["how"]
        assert f"| {one['name']} | " in page
    assert sum(one["goal"] is not None for one in numbers["results"]) == len(
        re.findall(r"\| [≤≥] \d+ (?:met|\*\*missed\*\*) \|", with_plain_spaces(page))
    )


def test_a_missed_goal_is_said_first() -> None:
    run = a_run(
        result("quick", [9.0], "µs", "CPU", goal=Goal(words="at most", value=10)),
        result("slow", [3.0, 1.0, 2.0], "%", "of it", goal=Goal(words="at least", value=40)),
    )
    page = with_plain_spaces(render(run))

    assert "**1 of 2 goals are met.**\nMissed:\n\n- Lines, slow: 2.0 % (≥ 40)\n" in page
    assert "| quick | 9.0 µs | - | ≤ 10 met | CPU |" in page
    assert "| slow | 2.0 % | 1.0 to 3.0 | ≥ 40 **missed** | of it |" in page
    assert "Load average: 0.70 before the run, 2.00 after it.\nOther work ran" in page
    assert all(f"- {one}" in page for one in NOT_MEASURED)


def test_programs_read_the_same() -> None:
    goal = Goal(words="at most", value=10)
    numbers = json.loads(as_json(a_run(result("slow", [12.0], "µs", "CPU", goal=goal))))

    assert numbers["measured_on"] == "2026-07-01"
    assert numbers["results"] == [
        {
            "section": "Lines",
            "name": "slow",
            "median": 12.0,
            "low": 12.0,
            "high": 12.0,
            "samples": 1,
            "unit": "µs",
            "goal": {"at_most": 10},
            "is_met": False,
            "how": "CPU",
        }
    ]


def test_the_results_of_this_release_are_whole() -> None:
    page = (RESULTS / PAGE).read_text("utf-8")
    numbers = json.loads((RESULTS / NUMBERS).read_text("utf-8"))

    assert not numbers["is_short"]
    assert re.findall("^## (.*)$", page, re.MULTILINE) == [*SECTIONS, "Not measured"]
    assert all(f"| {one['name']} | " in page for one in numbers["results"]), "run: make bench"
    assert f"Measured on {numbers['measured_on']} " in page


def with_plain_spaces(page: str) -> str:
    return page.replace("\N{NO-BREAK SPACE}", " ")


def a_run(*results: Any) -> Run:
    return Run(
        on=date(2026, 7, 1),
        took_seconds=61.5,
        load=(0.7, 2.0),
        is_short=False,
        sections=[Section(title="Lines", note="CPU a line.", results=results)],
    )
