"""Figures of the house itself: `pytest -s` prints them, and none may grow."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.contract.imports import ROOT, imports_of

PARTS = ("sdk", "layers", "functions", "gateway_bot", "local", "infra", "operations", "bench")
MOST_LINES = 350
MOST_SHARING = 142
"""Classes that share their name with another one; it only goes down."""
LONG: dict[str, str] = {
    "bench/results.py": "one goal after the other, and none hangs on another",
    "functions/communities/text_form.py": "the reader of tables belongs to the form that it reads",
    "gateway_bot/connections/discord.py": "one connection from its first frame to its last",
    "layers/shared/python/waddlebot/platforms/twitch/channel_events.py": "a function an event",
    "layers/shared/python/waddlebot/runtime/invoke.py": "one protocol, and its errors",
    "layers/shared/python/waddlebot/stores/receipts.py": "scripts that are read together",
    "local/stand_ins/discord/rest.py": "a function a route of the platform's",
}


def files() -> Iterator[Path]:
    for part in PARTS:
        yield from (file for file in (ROOT / part).rglob("*.py") if "/build/" not in str(file))


def _imported(here: str, there: str) -> list[str]:
    """What the files of one room import of another."""
    return [
        f"{file.relative_to(ROOT)}: {name}"
        for file in sorted((ROOT / here).rglob("*.py"))
        for name in imports_of(file)
        if name == there or name.startswith(f"{there}.")
    ]


def test_the_road_and_what_is_served_on_it_do_not_import_each_other() -> None:
    of_the_road = _imported("functions/builtins", "functions.router")
    of_builtins = _imported("functions/router", "functions.builtins")

    print(f"\nimports of built-ins into the router {len(of_the_road)}, back {len(of_builtins)}")
    assert of_the_road == of_builtins == []


def test_no_more_classes_share_a_name() -> None:
    names = Counter(
        node.name
        for file in files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    shared = {name: count for name, count in names.items() if count > 1}

    print(f"\nclasses that share a name {sum(shared.values())}: {', '.join(sorted(shared))}")
    assert sum(shared.values()) <= MOST_SHARING


def test_no_file_is_longer_than_a_subject() -> None:
    long = {
        file.relative_to(ROOT).as_posix(): count
        for file in files()
        if (count := len(file.read_text().splitlines())) > MOST_LINES
    }

    print(f"\nfiles over {MOST_LINES} lines {len(long)}: {long}")
    assert long.keys() <= LONG.keys(), "split it by subject"
