"""A module of the house that somebody has just written, in a house that runs as for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.house import running
from tests.helpers.house_modules import add_house_module, copy_tree, python_path

WEATHER = """
import os

from waddlebot_sdk import Chat, Module, command


@command("weather", "Tell the weather.", example="weather")
def weather(call, reach):
    theirs = os.environ.get("PLAYED_TOKEN", "nothing of others")
    return Chat(f"{reach.secret('WEATHER_TOKEN')}, {reach.secret('WEATHER_KEY')}, {theirs}")


MODULE = Module(
    name="weather",
    summary="Tells the weather.",
    commands=(weather,),
    outside=("api.weather.example",),
    secrets=("WEATHER_TOKEN", "WEATHER_KEY"),
)
"""
SONGS = """
from waddlebot_sdk import Chat, Module, command


@command("played", "Tell what is played.", example="played")
def played(call, reach):
    return Chat(reach.secret("PLAYED_TOKEN"))


MODULE = Module(
    name="songs",
    summary="Tells what is played.",
    commands=(played,),
    outside=("api.songs.example",),
    secrets=("PLAYED_TOKEN",),
)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_tree(tmp_path / "tree")


@pytest.mark.xdist_group("houses of their own")
def test_a_module_has_the_secrets_that_it_declares_and_no_others(tree: Path, home: Path) -> None:
    add_house_module(tree, "weather", WEATHER)
    add_house_module(tree, "songs", SONGS)
    (tree / ".env").write_text("WEATHER_TOKEN=of-dot-env\nPLAYED_TOKEN=of-songs\n")
    home.mkdir(parents=True, exist_ok=True)
    (home / "dev.env").write_text("WEATHER_KEY='of-the-home'\nWEATHER_TOKEN=not-this\n")
    with running(home, tree=tree, PYTHONPATH=python_path(tree)) as (house, _):
        chat = house.chat(on="twitch", channel="1001", viewer="dora")

        chat.says("ana", "!weather")
        assert chat.hears("of-dot-env, of-the-home, nothing of others", within=15)
        chat.says("ana", "!played")
        assert chat.hears("of-songs", within=15)
