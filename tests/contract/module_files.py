"""Where a module's files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.contract.imports import ROOT
from waddlebot_sdk import Module


def folder_of(module: Module[Any]) -> Path:
    return ROOT / "functions" / "modules" / module.name


def migrations_of(module: Module[Any]) -> list[Path]:
    return sorted((folder_of(module) / "migrations").glob("*.sql"))
