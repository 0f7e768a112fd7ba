"""Inputs that once went wrong, with what should come; they lie beside the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "fixtures" / "found"


def payload_of(name: str) -> Any:
    """Of the file with this name; without it whoever asks is skipped."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        pytest.skip(f"{name}.json is not beside this repository")
    return json.loads(file.read_text())["payload"]


def names() -> set[str]:
    return {file.stem for file in FOLDER.glob("*.json")}
