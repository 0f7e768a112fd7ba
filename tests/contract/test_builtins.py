"""Promises of the modules that are served in process."""

from __future__ import annotations

import ast
from dataclasses import fields
from inspect import get_annotations
from typing import Any

import pytest

from functions.builtins.tools import Builtin, InSession
from functions.catalogue import all_functions, builtin_modules
from functions.declaration import Function
from functions.router.destinations.builtin import Kit, find_module
from tests.contract.imports import ROOT, files_behind
from tests.helpers.trees import nodes_of

SERVING = [row for row in all_functions() if row.handler.startswith("functions.router.")]
OFFERED = {field.name for field in fields(Kit)}
SERVERS = {"cache", "client", "connection", "limits", "resources", "streams"}

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


@every_builtin
def test_a_builtin_uses_each_part_that_it_declares_and_reaches_through_none(module: Any) -> None:
    [file] = (ROOT / "functions" / "builtins").glob(f"*/{module.name}.py")
    used = {
        (ast.unparse(node.value).rpartition(".")[2], node.attr)
        for node in nodes_of(file)
        if isinstance(node, ast.Attribute)
    }
    parts = [part for part in module.tools.__mro__ if part.__module__ == InSession.__module__]
    idle = [
        part.__name__
        for part in parts
        if vars(part).keys().isdisjoint(name for _, name in used)
        and get_annotations(part).keys().isdisjoint(name for _, name in used)
        and not any(issubclass(other, part) and other is not part for other in parts)
    ]

    assert idle == []
    reached = {(given, name) for given, name in used if given in OFFERED and name in SERVERS}
    assert reached == set(), "what it needs of a server it declares"
