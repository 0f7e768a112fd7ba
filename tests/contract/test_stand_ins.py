"""Promises of every stand-in for a service: beside its module, wrong on demand, never shipped."""

from __future__ import annotations

import importlib.util
import inspect
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.assets import asset_files, is_shipped
from functions.catalogue import house_modules, lambda_modules, module_function
from local.stand_ins.faults import LIST
from tests.contract.module_files import folder_of
from tests.helpers.songs import SONGS, joined
from waddlebot.outside.stand_in import ServiceStandIn
from waddlebot_sdk.module import Module

THROWN_AWAY = "songs"


@pytest.fixture(params=[*(one.name for one in house_modules()), THROWN_AWAY])
def module(request: pytest.FixtureRequest) -> Iterator[Module[Any]]:
    with joined() as songs:
        everyone = {one.name: one for one in (*house_modules(), songs)}
        yield everyone[request.param]


def test_a_stand_in_is_a_services_and_says_how_it_is_wrong(module: Module[Any]) -> None:
    if (stand_in := stand_in_of(module)) is None:
        return

    assert module.outside, f"{module.name} asks nobody: what does its stand_in.py stand in for?"
    for name, answers in stand_in.wrong.items():
        said = (inspect.getdoc(answers) or "").partition("\n")[0]
        assert said.endswith("."), f"{module.name}: say below `{name}` in a sentence what is seen"
    assert module.name not in LIST, "a service is told to be wrong by its module's name"


def test_no_asset_has_a_stand_in(module: Module[Any], tmp_path: Path) -> None:
    lies = SONGS if module.name == THROWN_AWAY else folder_of(module)
    folder = tmp_path / "functions" / "modules" / module.name
    shutil.copytree(lies, folder)
    (folder / "stand_in").mkdir()
    (folder / "stand_in" / "songs.json").touch()

    shipped = set(asset_files(module_function(module), tmp_path))

    assert folder.relative_to(tmp_path) / "module.py" in shipped
    assert [path for path in shipped if "stand_in" in str(path)] == []


def test_what_stand_ins_are_made_of_is_in_no_layer() -> None:
    assert not is_shipped(Path("python/waddlebot/outside/stand_in.py"))


def test_a_stand_in_beside_a_strangers_function_is_never_started() -> None:
    """Nothing of theirs is imported in the house's own process."""
    theirs = [folder_of(one) for one in lambda_modules() if one.community]

    assert [folder for folder in theirs if list(folder.glob("stand_in*"))] == []


def stand_in_of(module: Module[Any]) -> ServiceStandIn | None:
    file = f"functions.modules.{module.name}.stand_in"
    if importlib.util.find_spec(file) is None:
        return None
    found = importlib.import_module(file).STAND_IN
    assert isinstance(found, ServiceStandIn), f"{file}: STAND_IN = ServiceStandIn(answer=…)"
    return found
