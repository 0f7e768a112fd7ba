"""No test takes the time when it is imported: what should have expired must have, however long the
suite took to get there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.contract.imports import ROOT
from tests.helpers.trees import parse

CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {
        "time",
        "time_ns",
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "gmtime",
        "localtime",
        "ctime",
        "strftime",
    },
}
NAMED = re.compile(rf"\b(?:{'|'.join(sorted(set().union(*CLOCKS.values())))})\b")
"""Who takes the time names it: where none of these stands there is nothing to read."""
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def times_at_import(source: str) -> list[int]:
    """The lines where importing this takes the time, also by way of a function of the file."""
    if not NAMED.search(source):
        return []
    tree = parse(source)
    own = {one.name: one for one in ast.walk(tree) if isinstance(one, FUNCTIONS)}
    takers: set[str] = set()
    while more := {
        name
        for name, function in own.items()
        if name not in takers and any(_takes(one, takers) for one in ast.walk(function))
    }:
        takers |= more
    imported = (one for one in tree.body if not _is_for_programs(one))
    evaluated = (one for statement in imported for one in _evaluated(statement))
    return sorted(one.lineno for one in evaluated if _takes(one, takers))


def _is_for_programs(statement: ast.stmt) -> bool:
    """`if __name__ == "__main__"`."""
    return isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test)


def _takes(node: ast.AST, takers: set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    if isinstance(called, ast.Name):
        return called.id in takers | CLOCKS["time"] - {"time"}
    return isinstance(called, ast.Attribute) and called.attr in CLOCKS.get(_last(called.value), ())


def _last(node: ast.AST) -> str:
    """`datetime` of `datetime.datetime`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _evaluated(node: ast.AST) -> Iterator[ast.Call]:
    """What is called when this is imported: of a function its decorators and defaults."""
    if isinstance(node, ast.Call):
        yield node
    for child in _evaluated_children(node):
        yield from _evaluated(child)


def _evaluated_children(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, FUNCTIONS | ast.Lambda):
        yield from (one for one in (*node.args.defaults, *node.args.kw_defaults) if one)
        yield from getattr(node, "decorator_list", ())
    else:
        yield from ast.iter_child_nodes(node)


def test_no_test_takes_the_time_when_it_is_imported() -> None:
    """In one test: told apart, they would be counted by every worker that collects them."""
    found = [
        f"{file.relative_to(ROOT)}:{line} takes the time once: take it in each test"
        for file in sorted((ROOT / "tests").rglob("*.py"))
        for line in times_at_import(file.read_text())
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "NOW = datetime.now(UTC)",
        "SOON = [datetime.datetime.now(UTC) + timedelta(days=1)]",
        "def f(at=time.time()): ...",
        "def f(*, at=date.today()): ...",
        "f = lambda at=time.monotonic(): at",
        "class Case:\n    at: float = time.time()",
        "@pytest.mark.parametrize('at', [datetime.now(UTC)])\ndef test(at): ...",
        "def soon():\n    return datetime.now(UTC)\n\nSOON = soon()",
        "def now():\n    return time.time()\n\ndef soon():\n    return now()\n\nSOON = soon()",
        "if True:\n    START = monotonic()",
    ],
)
def test_each_way_to_take_the_time_once_is_seen(source: str) -> None:
    assert times_at_import(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    return datetime.now(UTC)",
        "class Case:\n    at: float = field(default_factory=time.time)",
        "def f(clock=time.monotonic): ...",
        "f = lambda: time.time()",
        "NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)",
    ],
)
def test_what_takes_it_anew_each_time_is_fine(source: str) -> None:
    assert times_at_import(source) == []
