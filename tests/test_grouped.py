"""Tests of a group are run by one worker, and what the tests of a file share is made once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.servers import ROOT

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


def a_run(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(NOTES + text)
    clean = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    plain = ["-p", "no:cacheprovider", "-p", "tests.grouped", "-n", "2", "--dist", "loadgroup"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, "."],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def noted(file: Path) -> list[str]:
    return file.read_text().splitlines()


def test_what_tests_of_a_file_share_is_made_once(tmp_path: Path) -> None:
    a_run(tmp_path, sharing=SHARING)
    assert len(noted(tmp_path / "made")) == 1
    assert len(noted(tmp_path / "used")) == 8
    assert len(noted(tmp_path / "elsewhere")) == 8


def test_a_group_is_one_worker_s_in_whatever_files_it_is(tmp_path: Path) -> None:
    a_run(tmp_path, one=NAMED, other=NAMED, sharing=SHARING)
    workers = noted(tmp_path / "alone")
    assert len(workers) == 16
    assert len(set(workers)) == 1
