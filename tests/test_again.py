"""A test that was late once does not make a run red, but is shown; many of them do."""

from __future__ import annotations

from pathlib import Path

from tests.again import FAILED_AGAIN, MOST, TITLE
from tests.helpers.runs import a_run

LATE = """\
import pathlib, pytest
@pytest.mark.parametrize("number", range({count}))
def test_late(number):
    been = pathlib.Path(__file__).with_name(f"been{{number}}")
    if not been.exists():
        been.touch()
        raise AssertionError("nobody answered")
"""
BROKEN = """\
import pathlib
def test_broken():
    been = pathlib.Path(__file__).with_name("been")
    print("a storm of", 480)
    if not been.exists():
        been.touch()
        raise AssertionError("no answer")
    raise AssertionError("two answers")
"""


def tried(folder: Path, text: str) -> tuple[int, str]:
    (folder / "test_one.py").write_text(text)
    plugins = ("xdist", "rerunfailures", "tests.again")
    return a_run(folder, "--reruns", "1", "-n", "2", "test_one.py", plugins=plugins)


def test_what_was_late_once_is_green_and_shown_with_what_it_said(tmp_path: Path) -> None:
    status, said = tried(tmp_path, LATE.format(count=1))
    assert status == 0, said
    assert TITLE in said
    assert "test_one.py::test_late[0]" in said
    assert "AssertionError: nobody answered" in said


def test_a_run_in_which_many_were_late_is_red(tmp_path: Path) -> None:
    status, said = tried(tmp_path, LATE.format(count=MOST + 1))
    assert status == 1, said
    assert f"more than {MOST} are too many" in said


def test_what_fails_twice_fails_and_tells_both(tmp_path: Path) -> None:
    status, said = tried(tmp_path, BROKEN)
    assert status == 1, said
    assert TITLE not in said
    last, first = said.split(FAILED_AGAIN)
    assert "AssertionError: two answers" in last
    assert "AssertionError: no answer" in first
    assert "a storm of 480" in first
