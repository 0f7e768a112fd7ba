"""Contracts that list their members list all of them, so that a new room is held to them."""

from __future__ import annotations

import tomllib
from typing import Any

from tests.contract.imports import ROOT

ROOMS_APART = "Rooms call each other by declared name, not by import"
PLATFORMS_APART = "Platforms do not know each other"
STRANGERS = "A stranger's function needs the contract alone"


def _contract(name: str) -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    [found] = (one for one in settings["tool"]["importlinter"]["contracts"] if one["name"] == name)
    return dict(found)


def test_all_rooms_of_functions_are_apart() -> None:
    rooms = {
        f"functions.{folder.parent.name}"
        for folder in (ROOT / "functions").glob("*/__init__.py")
        if folder.parent.name != "modules"  # whose members have a contract of their own
    }
    assert set(_contract(ROOMS_APART)["modules"]) == rooms


def test_all_platforms_are_apart() -> None:
    platforms = ROOT / "layers" / "shared" / "python" / "waddlebot" / "platforms"
    folders = {f"waddlebot.platforms.{one.parent.name}" for one in platforms.glob("*/__init__.py")}
    assert set(_contract(PLATFORMS_APART)["modules"]) == folders


def test_all_functions_of_strangers_are_held_to_the_contract_alone() -> None:
    strangers = {
        f"functions.modules.{one.parent.name}"
        for one in (ROOT / "functions" / "modules").glob("*/waddlebot.toml")
    }
    assert set(_contract(STRANGERS)["source_modules"]) == strangers
