"""A run says what each folder cost, and fails where that is more than it may be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.budgets import BUDGETS, folder_of, read_budgets
from tests.helpers.runs import ROOT, a_run

IDLE = "import time\ndef test_idle(): time.sleep(0.5)\n"
BUSY = """\
import subprocess, sys
SPIN = "import time\\nwhile time.process_time() < 1: pass"
def test_busy(): subprocess.run([sys.executable, "-c", SPIN], check=True)
"""


def counted(folder: Path, budgets: str, workers: str) -> tuple[int, str]:
    """Of an idle folder, and of one where a process that was started is busy for a second."""
    for name, text in {"idle": IDLE, "busy": BUSY}.items():
        (folder / "tests" / name).mkdir(parents=True)
        (folder / "tests" / name / f"test_{name}.py").write_text(text)
    (folder / "budgets.toml").write_text(budgets)
    arguments = ("--budgets", str(folder / "budgets.toml"), "-n", workers)
    return a_run(folder, *arguments, "tests", plugins=("xdist", "tests.budgets"))


def cost_of(name: str, said: str) -> int:
    row = re.search(rf"^tests/{name} +1 +(\d+) ", said, re.MULTILINE)
    assert row, said
    return int(row[1])


PLENTY = "tests = 999999\n'tests/idle' = 999999\n"


@pytest.mark.parametrize("workers", ["0", "2"])
def test_what_a_tests_processes_cost_is_counted_to_its_folder(tmp_path: Path, workers: str) -> None:
    status, said = counted(tmp_path, f"{PLENTY}'tests/busy' = 999999", workers)
    assert status == 0, said
    assert cost_of("busy", said) > 3 * cost_of("idle", said), said
    assert "over its budget" not in said


def test_a_folder_over_its_budget_makes_the_run_fail(tmp_path: Path) -> None:
    status, said = counted(tmp_path, f"{PLENTY}'tests/busy' = 3", "2")
    assert status == 1, said
    assert re.findall(r"^tests/(\w+) .* s   over its budget", said, re.MULTILINE) == ["busy"]
    last = said.strip().splitlines()[-1]
    assert re.fullmatch(r"tests/busy cost \d+ of 3: over its budget", last), said


def test_a_folder_without_a_budget_has_none(tmp_path: Path) -> None:
    status, said = counted(tmp_path, PLENTY, "0")
    assert status == 1, said
    assert re.findall(r"^tests/(\w+) .* s   over its budget", said, re.MULTILINE) == ["busy"]


def test_every_folder_has_a_budget() -> None:
    tests = (file.relative_to(ROOT) for file in (ROOT / "tests").rglob("test_*.py"))
    assert {folder_of(str(test)) for test in tests} == set(read_budgets(BUDGETS))
