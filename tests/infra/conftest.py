"""Judges what `make synth` has just written; `make test` has nothing to judge and leaves it out."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "cdk.out"

collect_ignore_glob = [] if os.environ.get("WADDLEBOT_SYNTHESIZED") else ["test_*.py"]


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    (path,) = OUT.glob("*-functions.template.json")
    written: dict[str, Any] = json.loads(path.read_text())
    return written
