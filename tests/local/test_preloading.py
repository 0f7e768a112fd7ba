"""What is imported once for all functions: most of what they need; and when nothing is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.catalogue import all_functions
from local import wiring

ROLL = "functions.modules.roll.handler"
ONES_OWN = 12
"""Modules of the layer that a function may import for itself alone; each takes 2 ms or so."""
PROGRAM = """
import importlib, json, sys, threading
path, preloaded, own = json.loads(sys.argv[1])
sys.path[:0] = path
for name in preloaded:
    importlib.import_module(name)
before = set(sys.modules)
for name in own:
    importlib.import_module(name)
print(json.dumps([sorted(before), sorted({*sys.modules} - before), threading.active_count()]))
"""


@pytest.fixture(scope="module")
def imported() -> tuple[list[str], list[str], int]:
    """Before the warm functions were, and by them all."""
    warm = [one for one in all_functions() if one.quick and not one.isolated]
    own = [one.handler.rpartition(".")[0] for one in warm]
    path = [str(part) for part in (wiring.ROOT, wiring.SHARED, wiring.SDK)]
    asked = json.dumps([path, wiring.preloaded(), own])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, asked], check=True, capture_output=True, text=True
    )
    before, by_them, threads = json.loads(done.stdout)
    return before, by_them, threads


def test_warm_functions_find_nearly_all_of_the_layer_imported(
    imported: tuple[list[str], list[str], int],
) -> None:
    _, by_them, _ = imported
    of_the_layer = [name for name in by_them if name.partition(".")[0] == "waddlebot"]
    assert len(of_the_layer) <= ONES_OWN, of_the_layer


def test_a_strangers_call_finds_the_sdk_imported() -> None:
    """It has a process of its own, which would import it anew each time: twice as much as a call
    costs besides."""
    asked = json.dumps([[str(wiring.ROOT), str(wiring.SDK)], wiring.ISOLATED_PRELOAD, [ROLL]])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, asked], check=True, capture_output=True, text=True
    )
    _, by_it, threads = json.loads(done.stdout)
    assert not [name for name in by_it if name.partition(".")[0] == "waddlebot_sdk"]
    assert threads == 1


def test_nothing_is_imported_for_all_that_few_need(
    imported: tuple[list[str], list[str], int],
) -> None:
    before, _, threads = imported
    libraries = {name.partition(".")[0] for name in before}
    assert not libraries & {"aiohttp", "authlib", "fastapi", "httpx2", "slack_sdk"}
    assert threads == 1


def test_a_start_that_is_refused_has_imported_no_platform() -> None:
    program = "import local.run, sys; print(sorted({'aiohttp', 'local.platform'} & {*sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=wiring.ROOT
    )
    assert done.stdout == "[]\n"


def test_a_file_whose_name_is_no_modules_is_not_imported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    domain = tmp_path / "waddlebot" / "domain"
    domain.mkdir(parents=True)
    for name in ("rules.py", "rules.orig.py", "rules-old.py"):
        (domain / name).touch()
    monkeypatch.setattr(wiring, "SHARED", tmp_path)
    ours = [name for name in wiring.preloaded() if name.startswith("waddlebot.domain")]
    assert ours == ["waddlebot.domain.rules"]
