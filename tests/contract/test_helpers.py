"""What tests share stands in `tests/helpers/` by subject; no test file is another's helper."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.contract.imports import ROOT, file_of, imports_of

TESTS = Path("tests")
HELPERS = TESTS / "helpers"
MOST_LINES = 320
"""A helper of more lines has more than one subject."""


@cache
def imported() -> frozenset[tuple[Path, Path]]:
    return frozenset(_imported())


def _imported() -> Iterator[tuple[Path, Path]]:
    """Who imports, and which file of the tests."""
    for file in sorted((ROOT / TESTS).rglob("*.py")):
        who = file.relative_to(ROOT)
        for name in imports_of(file):
            found = file_of(name) if name.split(".")[0] == TESTS.name else None
            if found is not None and found != who and found.name != "__init__.py":
                yield who, found


def is_test(file: Path) -> bool:
    return file.name.startswith("test_")


def is_reached_too_far(who: Path, helper: Path) -> bool:
    """What lies beside tests serves them and the folders below; plugins at the top only theirs."""
    if helper.parent == HELPERS:
        return False
    if helper.parent == TESTS:
        return who.parent != TESTS
    return not who.is_relative_to(helper.parent)


def test_no_test_file_imports_another() -> None:
    assert [f"{who}: {found}" for who, found in sorted(imported()) if is_test(found)] == []


def test_a_helper_of_several_folders_stands_in_the_helpers() -> None:
    found = [f"{who}: {one}" for who, one in sorted(imported()) if is_reached_too_far(who, one)]
    assert found == []


def test_helpers_hold_no_tests_and_one_subject_each() -> None:
    files = sorted((ROOT / HELPERS).rglob("*.py"))
    assert [one.name for one in files if is_test(one)] == []
    assert [one.name for one in files if len(one.read_text().splitlines()) > MOST_LINES] == []


@pytest.mark.parametrize(
    ("who", "helper", "is_too_far"),
    [
        ("tests/journey/test_roles.py", "tests/helpers/house.py", False),
        ("tests/gateway_bot/connections/test_slack.py", "tests/gateway_bot/carrying.py", False),
        ("tests/gateway_bot/test_due.py", "tests/gateway_bot/connections/driven.py", True),
        ("tests/chaos/conftest.py", "tests/journey/conftest.py", True),
        ("tests/helpers/house.py", "tests/journey/picture.py", True),
        ("tests/test_again.py", "tests/again.py", False),
        ("tests/journey/test_roles.py", "tests/budgets.py", True),
    ],
)
def test_a_reach_is_measured(who: str, helper: str, *, is_too_far: bool) -> None:
    assert is_reached_too_far(Path(who), Path(helper)) is is_too_far
