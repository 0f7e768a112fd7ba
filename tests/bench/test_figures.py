"""The short form: whether the bench works, not how quick the house is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bench.figures import SHORT, of_house, of_router, render
from bench.house import running
from bench.recorded import INDEX
from bench.router_cost import PLACES, measure
from bench.samples import Figure, told
from tests.helpers.homes import a_home
from tests.helpers.servers import Urls

PAGE = Path(__file__).parents[2] / "docs" / "figures.md"


@pytest.mark.usefixtures("cache", "limits", "streams")
def test_the_cost_of_a_line_is_measured_for_every_kind_of_rules(
    database_urls: Urls,
) -> None:
    costs = measure(database_urls, batches=SHORT.batches)

    assert list(costs) == [*(place.name for place in PLACES), "command"]
    for cost in costs.values():
        assert len(cost.match) == len(cost.whole) == SHORT.batches
        assert 0 < min(cost.match) < max(cost.whole)
    assert len(of_router(costs)) == 2 * len(costs)


def test_a_running_house_is_measured_from_outside() -> None:
    with a_home() as home, running(home) as house:
        figures = {figure.name: figure for figure in of_house(house, SHORT, lambda _part: None)}

    recorded = {"Recorded payloads answered"} if INDEX.exists() else set()
    assert set(figures) == recorded | {
        "Idle memory",
        "Asked, warm: API, `!help`",
        "Asked, warm: Discord, `/waddlebot quote`",
        "Lines a second, Twitch webhook",
        "Lines a second, socket",
        "Lines a second, API",
    }
    assert "other" not in figures["Idle memory"].how


def test_a_figure_is_told_with_its_spread() -> None:
    assert told([3.0, 1.0, 2.0], "ms") == ("2.0 ms", "1.0 to 3.0")
    assert told([float(number) for number in range(100)], "ms", digits=0) == ("50 ms", "5 to 95")
    assert told([1.5], "s") == ("1.5 s", "")


def test_the_page_says_when_and_where() -> None:
    page = render([Figure(name="Lines", value="7 s")], on=date(2026, 7, 1), load=0.25)

    assert "2026-07-01" in page
    assert "load average before the start 0.25" in page
    assert "| Lines | 7 s | - | - |" in page


def test_the_page_of_this_release_has_every_figure() -> None:
    page = PAGE.read_text("utf-8")

    for name in ("First start", "Idle memory", "Asked", "Lines a second", "Quiet line", "Command"):
        assert f"| {name}" in page, f"run: python -m bench figures ({name} is missing)"
