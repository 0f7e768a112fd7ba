"""Import contracts find their members: a new folder is held to them without being written there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.contract.imports import ROOT

SHARED = "layers/shared/python"
PLACES = ("", SHARED, "sdk/python")
"""From which packages are imported."""
HOUSE = (
    *("functions", "gateway_bot", "infra", "local", "operations", "tests/contract"),
    *(f"{SHARED}/waddlebot", "sdk/python/waddlebot_sdk"),
)
ROOMS = "Rooms call each other by declared name, not by import"
MODULES = "Modules do not know each other"
BUILTINS = "Built-ins do not know each other"
PLATFORMS = "Platforms do not know each other"
STRANGERS = "A stranger's function needs the contract alone"
CLOUD = "Behavior does not know the cloud"
SEAM = "Functions reach the outside through one seam"
AT_HOME = "A stand-in for a service stays at home: nobody imports it"
LAYERS = "Inside the shared layer: runtime over decisions and the outside over platforms and stores"

BREAKING: Mapping[str, tuple[str, str]] = {
    ROOMS: ("functions/porch/handler.py", "from functions.router import route"),
    MODULES: ("functions/modules/dice/commands.py", "from functions.modules.memories import when"),
    BUILTINS: (
        "functions/builtins/talking/echo.py",
        "from functions.builtins.talking import quiet",
    ),
    PLATFORMS: (
        f"{SHARED}/waddlebot/platforms/kick/send.py",
        "from waddlebot.platforms.slack import text",
    ),
    STRANGERS: ("functions/modules/hug/commands.py", "import waddlebot.domain.sayings"),
    CLOUD: ("functions/router/destinations/openwhisk.py", "import boto3"),
    SEAM: ("functions/modules/music/commands.py", "import requests"),
    AT_HOME: ("functions/modules/tune/commands.py", "from functions.modules.tune import stand_in"),
    LAYERS: (f"{SHARED}/waddlebot/attic/things.py", "import waddlebot.domain.sayings"),
}
"""By contract a throw-away file, and the line in it that the contract is against."""
STAND_IN = ("functions/modules/tune/stand_in.py", "import waddlebot.outside.stand_in")
KEEPING = (
    ("functions/porch/handler.py", "from waddlebot.domain import sayings"),
    ("functions/modules/dice/commands.py", "import waddlebot.domain.sayings"),
    ("functions/builtins/talking/echo.py", "from functions.builtins import paging"),
    (f"{SHARED}/waddlebot/platforms/kick/send.py", "from waddlebot.platforms import fields"),
    ("functions/modules/hug/commands.py", "import waddlebot_sdk"),
    ("functions/router/destinations/openwhisk.py", "import waddlebot.runtime.invoke"),
    STAND_IN,
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy, in which files may be thrown away."""
    for part in HOUSE:
        skipped = shutil.ignore_patterns("__pycache__", "test_*")
        shutil.copytree(ROOT / part, tmp_path / part, ignore=skipped)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "__init__.py").touch()
    return tmp_path


def put(house: Path, file: str, line: str) -> None:
    path = house / file
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f"{line}\n")
    if "/hug/" in file:
        (path.parent / "waddlebot.toml").touch()


def check(house: Path) -> tuple[list[str], list[str], str]:
    """The names of contracts that are kept and broken, and all that was said."""
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=house,
        env={
            **os.environ,
            "COLUMNS": "400",
            "PYTHONPATH": os.pathsep.join(str(house / place) for place in PLACES),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = ran.stdout + ran.stderr
    one_a_line = said.replace("\nand stores", "and stores")
    told = dict(re.findall(r"^(\S.*?) (KEPT|BROKEN)", one_a_line, re.MULTILINE))
    kept = [name for name, how in told.items() if how == "KEPT"]
    broken = [name for name, how in told.items() if how == "BROKEN"]
    return kept, broken, said


def test_a_new_folder_that_breaks_a_contract_is_seen(house: Path) -> None:
    for file, line in (STAND_IN, *BREAKING.values()):
        put(house, file, line)
    kept, broken, said = check(house)

    for contract in BREAKING:
        assert any(name.startswith(contract) for name in broken), f"{contract}\n{said}"
    assert kept, said


def test_a_new_folder_that_keeps_to_them_needs_no_word_in_the_contracts(house: Path) -> None:
    for file, line in KEEPING:
        put(house, file, line)
    kept, broken, said = check(house)

    assert kept, said
    assert broken == [], said


def test_no_folder_is_named_in_a_contract_that_holds_all_of_its_kind() -> None:
    contracts = (ROOT / "pyproject.toml").read_text().partition("[tool.importlinter]")[2]
    ours = {
        *(f"functions.modules.{one.parent.name}" for one in _folders("functions/modules")),
        *(
            f"waddlebot.platforms.{one.parent.name}"
            for one in _folders(f"{SHARED}/waddlebot/platforms")
        ),
        "functions.builtins.",
        "functions.router.destinations.",
    }
    named = set(re.findall(r'"([a-z_.]+[a-z_])["\s]', contracts))
    assert [one for one in named if any(one.startswith(mine) for mine in ours)] == []


def _folders(under: str) -> list[Path]:
    return sorted((ROOT / under).glob("*/__init__.py"))
