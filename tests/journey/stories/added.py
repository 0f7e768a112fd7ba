"""What the house of these stories has besides its own, as if somebody had just written it."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.helpers.house_modules import add_house_module, name_in_house
from tests.helpers.songs import SONGS

TELLS_A_SECRET = """
import os

from waddlebot_sdk import Chat, Module, command


@command("{command}", "Tell a secret.", example="{command}")
def told(call, reach):
    theirs = os.environ.get("PLAYED_TOKEN", "nothing of others")
    return Chat(", ".join([*(reach.secret(one) for one in {secrets}), theirs]))


MODULE = Module(
    name="{name}",
    summary="Tells a secret.",
    commands=(told,),
    outside=("api.{name}.example",),
    secrets={secrets},
)
"""


PLAYS = """
from waddlebot_sdk import Chat, Media, Module, command


@command("play <title>", "Play a song.", example="play Waddle on")
def play(call, _):
    title = call.arguments["title"]
    details = {"title": title, "artist": "The Penguins", "duration": 180, "progress": 0}
    song = Media(media_type="music", media_url="https://songs.example/1", details=details)
    return [Chat(f"{title} is on."), song]


MODULE = Module(name="plays", summary="Plays songs.", commands=(play,))
"""


def tells_secrets(name: str, command: str, *secrets: str) -> str:
    """A module's code: its command says these secrets, and what it finds of `radio`'s."""
    return TELLS_A_SECRET.format(name=name, command=command, secrets=secrets)


def add_modules(tree: Path, home: Path) -> None:
    """`weather`, `radio` and `moon` tell their secrets, of which `moon` has none; `songs` asks a
    service that has a stand-in; `plays` shows in OBS what plays; `hostile` is a folder
    that nobody asked for."""
    add_house_module(
        tree, "weather", tells_secrets("weather", "weather", "WEATHER_TOKEN", "WEATHER_KEY")
    )
    add_house_module(tree, "radio", tells_secrets("radio", "played", "PLAYED_TOKEN"))
    add_house_module(tree, "moon", tells_secrets("moon", "moonrise", "MOON_TOKEN"))
    add_house_module(tree, "plays", PLAYS)
    (tree / ".env").write_text("WEATHER_TOKEN=of-dot-env\nPLAYED_TOKEN=of-radio\n")
    (home / "dev.env").write_text("WEATHER_KEY='of-the-home'\nWEATHER_TOKEN=not-this\n")
    shutil.copytree(
        SONGS,
        tree / "functions" / "modules" / "songs",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    name_in_house(tree, "songs")
    hostile = tree / "functions" / "modules" / "hostile"
    hostile.mkdir()
    for file in ("__init__.py", "module.py", "handler.py"):
        (hostile / file).write_text("open(__file__ + '.was_run', 'w').close()")
