"""The packages of the owner's list: where their record says that they are used, and where they are.

`python -m tests.contract.owner_packages` prints it as a table.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tests.contract.imports import ROOT, imports_of
from tests.helpers.trees import tree_of

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
ROOTS = ("functions", "gateway_bot", "layers", "local", "operations", "infra", "sdk")


@dataclass(frozen=True, slots=True)
class OwnerPackage:
    """A row of the record's table. `places` are files, and folders with all below; `seen_in` is
    `file::test`."""

    name: str
    places: Sequence[str]
    seen_in: Sequence[str]
    records: Sequence[str]

    @property
    def imported_as(self) -> str:
        return OWNERS_LIST[self.name]

    def covers(self, file: str) -> bool:
        return any(file == place or file.startswith(f"{place}/") for place in self.places)


def packages() -> list[OwnerPackage]:
    found = []
    for line in RECORD.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] in OWNERS_LIST:
            places, seen_in = (re.findall(r"`([^`]+)`", cell) for cell in cells[1:3])
            records = re.findall(r"\((\d{4}-[^)]+)\)", cells[3])
            found.append(OwnerPackage(cells[0], places, seen_in, records))
    return found


def importing(name: str) -> list[str]:
    """The files outside tests that import what is called so."""
    return _importing().get(name, [])


@cache
def _importing() -> dict[str, list[str]]:
    """`{package: files}`, read once for all packages."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(file for root in ROOTS for file in (ROOT / root).rglob("*.py")):
        for name in {dotted.partition(".")[0] for dotted in imports_of(file)}:
            found[name].append(str(file.relative_to(ROOT)))
    return dict(found)


def imports(file: object, name: str) -> bool:
    """`file` is a path below the root, or a whole one."""
    return name in {dotted.partition(".")[0] for dotted in imports_of(ROOT / str(file))}


def is_a_test(seen_in: str) -> bool:
    file, _, name = seen_in.partition("::")
    if not name.startswith("test_") or not (ROOT / file).exists():
        return False
    found = tree_of(ROOT / file).body
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in found)


def main() -> int:
    for package in packages():
        print(package.name)
        for file in importing(package.imported_as) or package.places:
            print(f"  imported in  {file}")
        for test in package.seen_in:
            print(f"  seen in      {test}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
