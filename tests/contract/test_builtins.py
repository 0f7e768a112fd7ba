"""Promises of the modules that are served in process."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from functions.builtins.tools import Builtin, InSession
from functions.catalogue import all_functions, builtin_modules
from functions.declaration import Function
from functions.router.destinations.builtin import Kit, find_module
from tests.contract.imports import ROOT, files_behind

SERVING = [row for row in all_functions() if row.handler.startswith("functions.router.")]
OFFERED = {field.name for field in fields(Kit)}

every_builtin = pytest.mark.parametrize(
    "module", builtin_modules(), ids=lambda module: str(module.name)
)


@every_builtin
def test_a_builtin_is_found_by_its_name_and_declares_what_it_is_given(module: Any) -> None:
    assert isinstance(module, Builtin)
    assert find_module(module.name).module is module
    assert issubclass(module.tools, InSession)
    declared = {field.name for field in fields(module.tools)}
    assert declared <= OFFERED
    assert set(find_module(module.name).names) == declared


def test_a_builtin_gets_nothing_that_it_does_not_declare() -> None:
    assert set(find_module("people").names) == {"session", "now"}
    assert set(find_module("help").names) == {"session", "table"}
    assert set(find_module("settings").names) == {"session", "postgres", "versions"}


@pytest.mark.parametrize("row", SERVING, ids=lambda row: row.name)
def test_whoever_serves_builtins_ships_with_them(row: Function) -> None:
    assert "functions/builtins" in row.folders


@every_builtin
def test_a_builtin_leads_to_no_stage_of_the_road(module: Any) -> None:
    [found] = (ROOT / "functions" / "builtins").glob(f"*/{module.name}.py")
    dotted = ".".join(found.relative_to(ROOT).with_suffix("").parts)
    reached = {file.as_posix() for file in files_behind(dotted)}
    assert {file for file in reached if not file.startswith("functions/builtins/")} == set()
