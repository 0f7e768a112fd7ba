"""The house with two modules more, which are no part of it, written as any deployment is.

A module of the house is a folder and a name in HOUSE: both stand in a copy of the tree.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from functions.modules import HOUSE

COPIED = ("functions", "gateway_bot", "infra", "layers", "requirements", "sdk")
SHARED = ("build/layers", ".tools")
"""What is built once, and only read."""

_HANDLER = """
from functions.modules.{name}.module import MODULE
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=lambda connection: connection)
"""
MODULES = {
    "jukebox": """
from waddlebot_sdk import Chat, ExecutionMode, May, Module, WebAnswer, command, on, route


@command("play <words>", "Play a song.", example="play yesterday")
def play(call, reach):
    return Chat("It is played.")


def greet(call, reach):
    return Chat("Welcome!")


def told(request, reach):
    return WebAnswer(text="heard")


MODULE = Module(
    name="jukebox",
    summary="Plays songs.",
    commands=(play,),
    listens=(on("raid", greet), on("follow", greet)),
    may=frozenset({May.ANNOUNCE, May.SHOUT_OUT}),
    priority=7,
    execution_mode=ExecutionMode.PARALLEL,
    timeout_seconds=20,
    outside=("api.songs.example",),
    secrets=("SONGS_TOKEN", "SONGS_CLIENT"),
    routes=(route("GET", "callback/{service}", told), route("POST", "told", told)),
)
""",
    "plain": """
from waddlebot_sdk import Chat, Module, command


@command("hello", "Say hello.", example="hello")
def hello(call, tools):
    return Chat("Hello!")


MODULE = Module(name="plain", summary="Says hello.", commands=(hello,))
""",
}


def synthesized(root: Path, folder: Path) -> Path:
    """The folder of the template."""
    for name in COPIED:
        shutil.copytree(root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SHARED:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(root / name)
    modules = folder / "functions" / "modules"
    for name, code in MODULES.items():
        (modules / name).mkdir()
        (modules / name / "__init__.py").touch()
        (modules / name / "module.py").write_text(code)
        (modules / name / "handler.py").write_text(_HANDLER.format(name=name))
    file = modules / "__init__.py"
    with file.open("a") as told:
        told.write(f"\nHOUSE = {(*HOUSE, *MODULES)!r}\n")
    _synth(folder)
    return folder / "cdk.out"


def _synth(folder: Path) -> None:
    paths = (folder, folder / "layers" / "shared" / "python", folder / "sdk" / "python")
    done = subprocess.run(
        [sys.executable, "-m", "infra"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
