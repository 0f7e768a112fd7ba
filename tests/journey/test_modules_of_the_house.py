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


@pytest.mark.xdist_group("houses for one story")
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


@pytest.mark.xdist_group("houses for one story")
def test_a_secret_that_nobody_has_set_is_told_to_the_operator_and_in_chat(
    tree: Path, home: Path
) -> None:
    add_house_module(tree, "songs", SONGS)
    with running(home, tree=tree, PYTHONPATH=python_path(tree)) as (house, _):
        assert "songs needs PLAYED_TOKEN, which nobody has set" in (home / "terminal").read_text()

        chat = house.chat(on="twitch", channel="1001", viewer="dora")
        chat.says("ana", "!played")
        assert chat.hears("is not set up yet: whoever runs this bot has to set", within=15)


@pytest.mark.xdist_group("houses for one story")
def test_a_migration_that_cannot_be_run_is_named_in_postgresqls_words(
    tree: Path, home: Path
) -> None:
    folder = add_house_module(tree, "songs", SONGS)
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0001_songs.sql").write_text("CREATE TABEL songs (title text);")

    with (
        pytest.raises(AssertionError, match="did not come up") as ended,
        running(home, tree=tree, PYTHONPATH=python_path(tree)),
    ):
        pass

    said = str(ended.value)
    assert 'songs\'s migration 0001_songs.sql: syntax error at or near "TABEL"' in said
    assert "make reset helps" not in said
    assert "stackTrace" not in said


@pytest.mark.xdist_group("houses for one story")
def test_a_word_of_two_modules_is_told_with_both(tree: Path, home: Path) -> None:
    add_house_module(tree, "songs", SONGS.replace('"played"', '"quote"'))

    with (
        pytest.raises(AssertionError, match="did not come up") as ended,
        running(home, tree=tree, PYTHONPATH=python_path(tree)),
    ):
        pass

    said = str(ended.value)
    assert "'!quote' is declared by memories and songs: one of them has to take" in said
    assert "make reset helps" not in said
