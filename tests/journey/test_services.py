"""A module whose service has a stand-in beside it: `make run` answers with it, and can break it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.helpers.house import ROOT, Chat, House, running
from waddlebot.domain import sayings

SHIPPED = ("functions", "sdk", "layers/shared", "local", "gateway_bot")
SONGS = Path(__file__).parent / "songs"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The house with one module more, which is thrown away."""
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    modules = tmp_path / "functions" / "modules"
    shutil.copytree(SONGS, modules / "songs", ignore=ignored)
    marker = modules / "__init__.py"
    marker.write_text(f'{marker.read_text()}HOUSE = (*HOUSE, "songs")\n')
    return tmp_path


def paths(tree: Path) -> str:
    return os.pathsep.join(map(str, (tree, tree / "sdk/python", tree / "layers/shared/python")))


def breaks(house: House, what: str, seconds: float = 1) -> None:
    told = house.post("/stand-ins/break", {"on": "songs", "what": what, "seconds": seconds})
    assert told == {"broken": what}


def reads(chat: Chat, line: str, words: str) -> None:
    chat.says("ana", line)
    assert chat.hears(words, within=20), f"{line}: {words}"


@pytest.mark.xdist_group("houses of their own")
def test_a_module_is_answered_by_its_stand_in_and_people_read_what_is_wrong_with_it(
    tree: Path, home: Path
) -> None:
    with running(home, tree=tree, PYTHONPATH=paths(tree)) as (house, _):
        assert "songs.example (songs)" in (home / "terminal").read_text()
        chat = house.chat(on="twitch", channel="1001", viewer="dora")
        reads(chat, "!song yesterday", "Yesterday is next.")

        breaks(house, "renamed")
        reads(chat, "!song yesterday", sayings.UNSURE)
        breaks(house, "5xx")
        reads(chat, "!song yesterday", sayings.UNSURE)
        reads(chat, "!song help", "Help is next.")

        breaks(house, "slow", seconds=9)
        reads(chat, "!findsong girl", "The song service did not answer in time.")
        breaks(house, "429", seconds=60)
        reads(chat, "!findsong michelle", "The song service answers with 429.")

        told = house.post("/stand-ins/break", {"on": "songs", "what": "forge"})
        assert "renamed" in told["error"]["message"]
        known = house.get("/stand-ins/break")["songs"]
        assert known["renamed"] == "The title is told by another name than the documents say."
