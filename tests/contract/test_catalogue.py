"""Promises that every row of the catalogue keeps."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest

from functions.assets import asset_files
from functions.catalogue import all_functions, module_function
from functions.declaration import AtDeploy, Function, HttpRoute
from tests.contract.imports import ROOT, files_behind
from tests.helpers.guestbook import GUESTBOOK
from waddlebot.runtime.needs import (
    PUBLIC_URL,
    AnyNeed,
    Invoke,
    Need,
    Outside,
    Secret,
)
from waddlebot_sdk import Module

ROWS = all_functions()
NAMES = {row.name for row in ROWS}
IMPORT_ALL = """
import importlib, json, sys
failed = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException as error:
        failed[name] = repr(error)
json.dump(failed, sys.stdout)
"""

OURS = [row for row in ROWS if not row.isolated]
"""What is not ours is loaded in a process of its own alone (test_community_functions.py)."""

every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


def test_names_are_unique() -> None:
    names = Counter(row.name for row in ROWS)

    assert [name for name, count in names.items() if count > 1] == []


def test_routes_are_unique() -> None:
    routes = Counter(
        (door.method, door.path)
        for row in ROWS
        for door in row.doors
        if isinstance(door, HttpRoute)
    )

    assert [route for route, count in routes.items() if count > 1] == []


def test_the_order_at_deployment_is_clear() -> None:
    orders = sorted(door.order for row in ROWS for door in row.doors if isinstance(door, AtDeploy))

    assert orders == list(range(1, len(orders) + 1))


@pytest.mark.parametrize("row", OURS, ids=lambda row: row.name)
def test_a_handler_can_be_imported_and_called(row: Function) -> None:
    file, _, name = row.handler.rpartition(".")

    assert callable(getattr(importlib.import_module(file), name))


def test_importing_a_handler_reads_no_variable_and_connects_nowhere() -> None:
    files = [row.handler.rpartition(".")[0] for row in OURS]

    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *files],
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout) == {}


@every_row
def test_the_folders_of_a_function_exist(row: Function) -> None:
    assert [folder for folder in row.folders if not (ROOT / folder).is_dir()] == []


@every_row
def test_a_function_ships_with_all_that_its_handler_imports(row: Function) -> None:
    shipped = set(asset_files(row, ROOT))

    missing = files_behind(row.handler.rpartition(".")[0]) - shipped

    assert missing == set(), f"the row of {row.name} in functions/catalogue.py lacks a folder"


@every_row
def test_needs_are_known(row: Function) -> None:
    called = {need.function for need in row.needs if isinstance(need, Invoke)}
    secrets = {need.variable for need in row.needs if isinstance(need, Secret)}

    assert all(isinstance(need, AnyNeed) for need in row.needs)
    assert called <= NAMES
    assert all(variable == variable.upper() for variable in secrets)


@every_row
def test_an_isolated_function_is_granted_nothing(row: Function) -> None:
    if row.isolated:
        assert row.needs == frozenset()
        assert row.doors == ()


@every_row
def test_a_function_has_time_and_memory_that_lambda_gives(row: Function) -> None:
    assert 0 < row.timeout_seconds <= 900
    assert 128 <= row.memory_mb <= 10_240
    assert row.concurrency > 0


def test_a_modules_addresses_are_routes_to_its_function() -> None:
    """From here on they are like every other route, on AWS and on one machine."""
    assert module_function(GUESTBOOK).doors == (
        HttpRoute(method="GET", path="/modules/guestbook/signed/{service}"),
        HttpRoute(method="POST", path="/modules/guestbook/told"),
        HttpRoute(method="GET", path="/modules/guestbook/feed.xml"),
        HttpRoute(method="GET", path="/modules/guestbook/begin"),
        HttpRoute(method="POST", path="/modules/guestbook/once"),
        HttpRoute(method="GET", path="/modules/guestbook/wrong"),
        HttpRoute(method="GET", path="/modules/guestbook/slow"),
        HttpRoute(method="GET", path="/modules/guestbook/stubborn"),
    )


def test_what_a_module_declares_of_the_outside_is_granted_to_its_function() -> None:
    plain: Module[None] = Module(name="plain", summary="Needs its tables.")
    reaching = replace(plain, outside=("api.example",), secrets=("EXAMPLE_TOKEN",))

    assert module_function(plain).needs == {Need.WRITER}
    assert module_function(GUESTBOOK).needs == {
        Need.WRITER,
        Need.LIMITS,
        Secret(variable=PUBLIC_URL),
    }
    assert module_function(reaching).needs == {
        Need.WRITER,
        Need.CACHE,
        Outside(hosts=("api.example",)),
        Secret(variable="EXAMPLE_TOKEN"),
    }
