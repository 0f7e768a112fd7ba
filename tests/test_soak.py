"""A soak tells all that it saw in one table, and is red where something of it does not hold."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.runs import a_run

ALL = """\
from tests.helpers.soak_figures import EXPECTED, state
def test_all():
    for part, names in EXPECTED.items():
        for name in names:
            state(part, name, 3, least=3)
"""
ONE_IS_LESS = ALL + "    state('many sockets', 'communities', 2, least=3)\n"
ONE_IS_MORE = ALL + "    state('pages alone', 'blank', 1, most=0)\n"
SKIPPED = """\
import pytest
def test_one():
    pytest.skip("the clients lagged")
"""


def soaked(folder: Path, text: str) -> tuple[int, str]:
    (folder / "test_one.py").write_text(text)
    return a_run(folder, "test_one.py", plugins=("tests.soak",))


def test_a_soak_in_which_all_holds_is_green_and_says_so(tmp_path: Path) -> None:
    status, said = soaked(tmp_path, ALL)
    assert status == 0, said
    assert "all figures hold" in said
    assert "many sockets    p99 to a bare loop's" in said


def test_one_that_does_not_hold_makes_it_red(tmp_path: Path) -> None:
    for text, seen, goal in ((ONE_IS_LESS, "2", "at least 3"), (ONE_IS_MORE, "1", "at most 0")):
        status, said = soaked(tmp_path, text)
        assert status == 1, said
        assert f"{seen}  {goal}  <- does not hold" in said
        assert "1 figures do not hold" in said


def test_what_was_not_seen_does_not_hold(tmp_path: Path) -> None:
    status, said = soaked(tmp_path, SKIPPED)
    assert status == 1, said
    assert "not seen  <- does not hold" in said.replace("not seen    <-", "not seen  <-")
