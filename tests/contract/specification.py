"""`python -m tests.contract.specification`: what the specification names and a database has not.

The database is that of DATABASE_URL. With `--filled` also what says nothing there: a column that
holds one value alone, or none. Nothing is printed where nothing is missing.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
NAMES = Path(__file__).with_name("specification.toml")
SCHEMA = "specification"

Readers = Mapping[str, Mapping[str, str]]

_FILE = re.compile(r"[\w/]+\.py")


def read_names() -> Readers:
    """`{table: {column: who reads it}}`."""
    return tomllib.loads(NAMES.read_text())


def find_missing(connection: psycopg.Connection, names: Readers) -> Iterator[str]:
    rows = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s",
        [SCHEMA],
    ).fetchall()
    there = {(table, column) for table, column in rows}
    for table, columns in names.items():
        for column in columns:
            if (table, column) not in there:
                yield f"{table}.{column} is missing"


def find_unread(names: Readers) -> Iterator[str]:
    """A reader is a file of the code, which may be said to read it for a verb."""
    for table, columns in names.items():
        for column, reader in columns.items():
            files = _FILE.findall(reader)
            if not files:
                yield f"{table}.{column} has no reader"
            for file in files:
                if not _lies_there(file):
                    yield f"{table}.{column}: there is no {file}"


def _lies_there(file: str) -> bool:
    return any((ROOT / home / file).is_file() for home in ("", "layers/shared/python/waddlebot"))


def find_silent(connection: psycopg.Connection, names: Readers) -> Iterator[str]:
    """Columns that say the same in every row; no value is one of the things to say."""
    for table, columns in names.items():
        for column in columns:
            row = connection.execute(
                sql.SQL("SELECT count(*) FROM (SELECT DISTINCT {}::text FROM {}) AS said").format(
                    sql.Identifier(column), sql.Identifier(SCHEMA, table)
                )
            ).fetchone()
            if row is None or row[0] < 2:
                yield f"{table}.{column} says the same in every row"


def main(argv: Sequence[str]) -> int:
    """0 nothing is missing; 1 something is."""
    names = read_names()
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = [*find_missing(connection, names), *find_unread(names)]
        if not found and "--filled" in argv:
            found += find_silent(connection, names)
    print("".join(f"{line}\n" for line in found), end="")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
