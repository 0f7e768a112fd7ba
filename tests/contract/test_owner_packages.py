"""The packages of the owner's list are used where their record says, and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from functions.catalogue import all_functions
from tests.contract.imports import ROOT, imports_of
from tests.contract.owner_packages import (
    OWNERS_LIST,
    RECORD,
    OwnerPackage,
    importing,
    imports,
    is_a_test,
    packages,
)


def test_every_package_of_the_owners_list_has_its_row() -> None:
    assert [package.name for package in packages()] == sorted(OWNERS_LIST)


@pytest.fixture(params=sorted(OWNERS_LIST))
def package(request: pytest.FixtureRequest) -> OwnerPackage:
    """The record is read by the test, for a copy of the tree may be without it."""
    return next(one for one in packages() if one.name == request.param)


def test_a_package_is_imported_where_its_record_says_and_nowhere_else(
    package: OwnerPackage,
) -> None:
    found = importing(package.imported_as)

    assert [file for file in found if not package.covers(file)] == []
    for place in package.places:
        if place.endswith(".py"):
            assert imports(place, package.imported_as), place
        else:
            assert any(file.startswith(f"{place}/") for file in found), place
    assert package.places
    for record in package.records:
        assert (RECORD.parent / record).exists()


def test_a_package_is_seen_from_outside_in_a_test_that_there_is(package: OwnerPackage) -> None:
    assert package.seen_in
    assert [one for one in package.seen_in if not is_a_test(one)] == []


WRITES_NOTHING = frozenset({"functions.description.handler"})
"""It reads out a file, and asks nobody."""


def test_who_is_waited_for_loads_neither_powertools_nor_boto3_and_all_others_do() -> None:
    ours = [row for row in all_functions() if not row.isolated]
    quick = sorted({_file(row.handler) for row in ours if row.quick})
    rooms = sorted({_file(row.handler) for row in ours if not row.quick})

    assert loaded(quick) & {"aws_lambda_powertools", "boto3", "botocore"} == set()
    assert loaded(rooms) & {"aws_lambda_powertools", "boto3"} == {"aws_lambda_powertools"}
    for room in sorted(set(rooms) - WRITES_NOTHING):
        path = Path(*room.split(".")).with_suffix(".py")
        assert "waddlebot.runtime.room_logs" in set(imports_of(ROOT / path)), path


def _file(handler: str) -> str:
    return handler.rpartition(".")[0]


def loaded(files: list[str]) -> set[str]:
    program = f"import sys, {', '.join(files)}; print(*{{n.split('.')[0] for n in sys.modules}})"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())
