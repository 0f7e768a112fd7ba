"""The packages of the owner's list are used where their record says, or it says what is open."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from functions.catalogue import all_functions
from tests.contract.imports import ROOT, imports_of

RECORD = ROOT / "docs" / "decisions" / "0076-the-owners-packages.md"
OWNERS_LIST = {
    "aws-cdk-lib": "aws_cdk",
    "aws-lambda-powertools": "aws_lambda_powertools",
    "boto3": "boto3",
    "fastapi": "fastapi",
    "mangum": "mangum",
    "moto": "moto",
    "psycopg": "psycopg",
    "py-cord": "discord",
    "pynacl": "nacl",
    "pytest": "pytest",
    "redis": "redis",
    "slack-sdk": "slack_sdk",
    "twitchio": "twitchio",
}
"""By the name of each package the one under which it is imported."""
OPEN = {"twitchio"}


@dataclass(frozen=True, slots=True)
class Row:
    package: str
    files: tuple[str, ...]
    records: tuple[str, ...]


def rows() -> list[Row]:
    """Of the record's table: package, files in which it is imported, other records."""
    found = []
    for line in RECORD.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[0] in OWNERS_LIST:
            files = tuple(re.findall(r"`([^`]+\.py)`", cells[1]))
            found.append(Row(cells[0], files, tuple(re.findall(r"\((\d{4}-[^)]+)\)", cells[2]))))
    return found


def test_every_package_of_the_owners_list_has_its_row() -> None:
    assert [row.package for row in rows()] == sorted(OWNERS_LIST)


@pytest.mark.parametrize("package", sorted(OWNERS_LIST))
def test_a_package_is_imported_where_its_record_says(package: str) -> None:
    [row] = [one for one in rows() if one.package == package]
    name = OWNERS_LIST[package]

    for file in row.files:
        tops = {dotted.partition(".")[0] for dotted in imports_of(ROOT / file)}
        assert name in tops, f"{file} does not import {name}"
    for record in row.records:
        assert (RECORD.parent / record).exists()
    assert bool(row.files) is (package not in OPEN)


def test_what_is_open_is_imported_nowhere() -> None:
    """Or it is no longer open."""
    roots = ("functions", "gateway_bot", "layers", "local", "operations", "infra")
    files = [file for root in roots for file in (ROOT / root).rglob("*.py")]
    tops = {name.partition(".")[0] for file in files for name in imports_of(file)}
    assert not tops & {OWNERS_LIST[package] for package in OPEN}


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
