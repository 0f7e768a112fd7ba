"""A community function while the house runs: made, changed, broken, taken away; no restart."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.house import Chat
from tests.helpers.house_modules import python_path
from tests.helpers.patience import eventually
from tests.journey.stories.conftest import StoryHouse

pytestmark = pytest.mark.xdist_group("houses for one story")


def test_a_folder_is_there_changes_and_goes_without_a_restart(story: StoryHouse) -> None:
    tree, chat = story.tree, story.house.chat(on="twitch", channel="1001", viewer="dora")
    folder = tree / "functions" / "modules" / "dice"
    assert "hostile/ is not taken: it has no waddlebot.toml" in story.terminal
    for left in (folder, folder.with_name("bones")):  # by an earlier try in the same house
        shutil.rmtree(left, ignore_errors=True)
    before = len(story.terminal)

    def told(words: str) -> bool:
        return eventually(lambda: words in story.terminal[before:])

    subprocess.run(
        [sys.executable, "-m", "local", "new-module", "dice"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": python_path(tree)},
        check=True,
        capture_output=True,
    )
    assert sooner_or_later(chat, "#dice 2d1", says="rolled 2d1: 1 + 1 = 2")

    edit(folder / "commands.py", "rolled", "threw")
    assert sooner_or_later(chat, "#dice 1d1", says="threw d1: 1")

    listens = '[[listens]]\nevent = "raid"\nfunction = "nofn"\n'
    with (folder / "waddlebot.toml").open("a") as file:
        file.write(listens)
    assert told("has no function nofn(call)")
    assert sooner_or_later(chat, "#dice 1d1", says="threw d1: 1"), "it goes on as it was"
    edit(folder / "waddlebot.toml", listens, "")

    edit(folder / "waddlebot.toml", "usage =", "colour = 7\nusage =")
    assert told("'colour' is no field here")
    assert sooner_or_later(chat, "#dice 1d1", says="threw d1: 1"), "it goes on as it was"

    edit(folder / "waddlebot.toml", 'colour = 7\nusage = "dice', 'also = ["d"]\nusage = "dice')
    assert sooner_or_later(chat, "#d 1d1", says="threw d1: 1")

    other = folder.with_name("bones")
    shutil.copytree(folder, other)
    edit(other / "waddlebot.toml", 'name = "dice"', 'name = "bones"')
    assert told("handler.py imports functions.modules.dice, and a function sees its own folder")
    edit(other / "handler.py", "modules.dice", "modules.bones")
    assert told("bones/ is not taken: #dice is functions/modules/dice/'s")
    assert sooner_or_later(chat, "#d 1d1", says="threw d1: 1"), "who had the word goes on"
    edit(folder / "commands.py", "threw", "cast")
    assert sooner_or_later(chat, "#d 1d1", says="cast d1: 1"), "and is taken anew"
    assert "upkeep-sync-commands" not in story.terminal
    asks_to_announce(folder, chat)

    shutil.rmtree(folder)
    is_free = sooner_or_later(chat, "#dice 1d1", says="threw d1: 1")
    assert is_free, f"the word is free: {story.terminal[before:]}"
    shutil.rmtree(other)
    assert told("is gone")
    assert sooner_or_later(chat, "#roll 1d1", says="rolled d1: 1"), "the others go on"
    assert list(folder.with_name("hostile").glob("*.was_run")) == []


def asks_to_announce(folder: Path, chat: Chat) -> None:
    """A stranger's function does what it asks for where the owner lets it, and nowhere before."""
    edit(folder / "waddlebot.toml", 'name = "dice"', 'may = ["announce"]\nname = "dice"')
    edit(folder / "commands.py", "import Call, Chat,", "import Announce, Call, Chat,")
    edit(folder / "commands.py", 'return Chat(f"{who} cast', 'return Announce(f"Hear: {who} cast')
    assert sooner_or_later(chat, "#d 1d1", says="I did not announce it: that is up to the owner")

    assert chat.asks(
        "olga",
        "!module install dice",
        "hears nothing but its own commands and may announce",
        within=15,
    )
    chat.says("ana", "#d 1d1")
    announced = chat.hears("hear: dora cast d1: 1", within=15)
    assert announced
    assert announced["kind"] == "announcement"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def sooner_or_later(chat: Chat, line: str, *, says: str) -> bool:
    return chat.asks_until("ana", line, says, within=40)
