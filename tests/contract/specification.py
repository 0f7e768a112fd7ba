"""`python -m tests.contract.specification`: what the specification names and a database has not.

The database is that of DATABASE_URL. With `--filled` also what says nothing there: a column that
holds one value alone, or none. Nothing is printed where nothing is missing.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
NAMES = Path(__file__).with_name("specification.toml")
SCHEMA = "specification"

Readers = Mapping[str, Mapping[str, str]]

HOMES = ("", "layers/shared/python/waddlebot")
SHOWS_ALL = "functions/operations/tables.py"

_READER = re.compile(r"([\w/]+\.py)(?:\[(\w+)\])?")
_WORD = re.compile(r"\w+")
_WRITTEN = re.compile(r"INSERT INTO[^()]*\([^()]*\)|\w+ = (?=EXCLUDED\.|%\()")


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
    """A reader is a file of the code whose statements name the fact, as the column or as it is
    called there (`file.py[word]`). What only shows whole tables reads none of their columns.
    """
    for table, columns in names.items():
        for column, reader in columns.items():
            readers = _READER.findall(reader)
            if not readers:
                yield f"{table}.{column} has no reader"
            for file, word in readers:
                yield from (f"{table}.{column}: {wrong}" for wrong in _unread(file, word or column))


def _unread(file: str, word: str) -> Iterator[str]:
    found = [ROOT / home / file for home in HOMES if (ROOT / home / file).is_file()]
    if not found:
        yield f"there is no {file}"
    elif file == SHOWS_ALL:
        yield f"{file} shows what there is, and reads nothing of it"
    elif word not in words_read(found[0]):
        yield f"{file} does not read {word}"


@cache
def words_read(file: Path) -> frozenset[str]:
    """All that its code names, in Python and in its SQL; not what a comment or docstring says, nor
    what a statement writes.
    """
    tree = ast.parse(file.read_text())
    told = {id(one) for one in _docstrings(tree)}
    return frozenset(
        word for node in ast.walk(tree) if id(node) not in told for word in _words(node)
    )


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Texts that stand alone, as statements."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _words(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(attr=name, ctx=ast.Load()):
            yield name
        case ast.Constant(value=str(text)):
            yield from _WORD.findall(_WRITTEN.sub(" ", text))


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
