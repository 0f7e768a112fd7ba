"""Tests of a group are run by one worker, and what the tests of a file share is made once."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.runs import a_run

NOTES = """\
import os, pathlib, pytest, time
def note(what):
    with pathlib.Path(__file__).with_name(what).open("a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
    time.sleep(0.05)
many = pytest.mark.parametrize("number", range(8))
"""
SHARING = """\
@pytest.fixture(scope="module")
def house():
    note("made")
@many
def test_in_it(house, number):
    note("used")
@many
def test_elsewhere(number):
    note("elsewhere")
"""
NAMED = """\
@many
@pytest.mark.xdist_group("one at a time")
def test_alone(number):
    note("alone")
"""


def run_in_groups(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(NOTES + text)
    arguments = ("-n", "2", "--dist", "loadgroup", ".")
    status, said = a_run(folder, *arguments, plugins=("xdist", "tests.grouped"))
    assert status == 0, said


def noted(file: Path) -> list[str]:
    return file.read_text().splitlines()


def test_what_tests_of_a_file_share_is_made_once(tmp_path: Path) -> None:
    run_in_groups(tmp_path, sharing=SHARING)
    assert len(noted(tmp_path / "made")) == 1
    assert len(noted(tmp_path / "used")) == 8
    assert len(noted(tmp_path / "elsewhere")) == 8


def test_a_group_is_one_worker_s_in_whatever_files_it_is(tmp_path: Path) -> None:
    run_in_groups(tmp_path, one=NAMED, other=NAMED, sharing=SHARING)
    workers = noted(tmp_path / "alone")
    assert len(workers) == 16
    assert len(set(workers)) == 1
