"""The throw-away module that asks a service and has a stand-in for it (tests/journey/songs)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import functions.modules
from waddlebot_sdk.module import Module

SONGS = Path(__file__).parents[1] / "journey" / "songs"


@contextmanager
def joined() -> Iterator[Module[Any]]:
    """It is found below functions.modules, as if its folder lay there."""
    before = functions.modules.__path__
    functions.modules.__path__ = [*before, str(SONGS.parent)]
    try:
        yield importlib.import_module("functions.modules.songs.module").MODULE
    finally:
        functions.modules.__path__ = before
        for name in [one for one in sys.modules if one.startswith("functions.modules.songs")]:
            del sys.modules[name]
