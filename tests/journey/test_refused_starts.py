"""A module of the house with a mistake in it: one sentence, at start, and no server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.port import free_port
from tests.helpers.house_modules import add_house_module, copy_tree, name_in_house, python_path
from tests.helpers.patience import eventually

GOOD = """
from waddlebot_sdk import Chat, May, Module, WebAnswer, command, on, route


@command("weather", "Tell the weather.", example="weather")
def weather(call, tools):
    return Chat("Rain.")


def told(request, tools):
    return WebAnswer(text="heard")


MODULE = Module(
    name="weather",
    summary="Tells the weather.",
    commands=(weather,),
    # more
)
"""
MODULE = "functions/modules/weather/module.py"
WRONG = {
    'secrets=("PATH",),': "secrets cannot have 'PATH': that variable is the house's",
    'secrets=("SLACK_BOT_TOKEN",),': "secrets cannot have 'SLACK_BOT_TOKEN'",
    'secrets=("WADDLEBOT_API_KEY",),': "secrets cannot have 'WADDLEBOT_API_KEY'",
    'secrets=("bad name",),': "secrets cannot have 'bad name': a variable is large letters",
    'secrets=("WEATHER_TOKEN"),': "secrets is a list, (text,): the comma makes it one",
    'outside=("https://127.0.0.1/x",),': "outside cannot have 'https://127.0.0.1/x': it is the",
    'outside=("127.0.0.1",),': "outside cannot have '127.0.0.1'",
    'outside=("localhost",),': "outside cannot have 'localhost'",
    'may={"ban"},': "may cannot have 'ban': a module may May.ANNOUNCE, May.DELETE",
    'routes=(route("GET", "a", told), route("GET", "a", told)),': (
        "the route 'GET /modules/weather/a' is declared twice"
    ),
    "timeout_seconds=300,": "timeout_seconds is 300; it is 0.1 to 30",
    'listens=(on("rade", told),),': "there is no event 'rade'. Did you mean raid?",
}
RAW = {
    'routes=(route("PUT", "a", told),),': "ValueError: a route is GET or POST, not 'PUT'",
    'routes=(route("GET", "\U0001f382", told),),': "ValueError: a route's path is like 'callback'",
    "routes=(": "SyntaxError: ",
    "colour=7,": "TypeError: ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    code: int
    said: str

    @property
    def is_one_sentence(self) -> bool:
        return self.code == 1 and "Traceback" not in self.said and "importlib" not in self.said


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = copy_tree(tmp_path_factory.mktemp("tree"))
    add_house_module(tree, "weather", GOOD)
    return tree


@pytest.fixture
def module(tree: Path) -> Path:
    file = tree / MODULE
    file.write_text(GOOD)
    return file


def settings_of(tree: Path, home: Path) -> dict[str, str]:
    return {
        "WADDLEBOT_HOME": str(home),
        "PORT": str(free_port()),
        "PYTHONPATH": python_path(tree),
        # Two of the same length in one second are the same to whoever reads what was compiled.
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def tried(tree: Path, home: Path, *words: str, **environment: str) -> Tried:
    done = subprocess.run(
        [sys.executable, "-m", *(words or ("local", "run"))],
        cwd=tree,
        env={**os.environ, **settings_of(tree, home), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Tried(code=done.returncode, said=done.stdout + done.stderr)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_field_is_named_with_what_is_allowed(
    tree: Path, module: Path, home: Path, wrong: str
) -> None:
    module.write_text(GOOD.replace("# more", wrong))

    run = tried(tree, home)

    assert f"{MODULE}: {WRONG[wrong]}" in run.said
    assert run.is_one_sentence


@pytest.mark.parametrize("wrong", RAW)
def test_code_that_cannot_be_loaded_is_told_with_file_and_line(
    tree: Path, module: Path, home: Path, wrong: str
) -> None:
    module.write_text(GOOD.replace("# more", wrong))

    run = tried(tree, home)

    assert f"{MODULE}, line " in run.said
    assert RAW[wrong] in run.said
    assert run.is_one_sentence


def test_a_module_is_called_as_its_folder(tree: Path, module: Path, home: Path) -> None:
    module.write_text(GOOD.replace('name="weather"', 'name="other"'))

    run = tried(tree, home)

    assert f"{MODULE}: name is 'other', but its folder is called 'weather'." in run.said
    assert run.is_one_sentence


@pytest.mark.usefixtures("module")
def test_a_module_without_a_door_is_not_started(tree: Path, home: Path) -> None:
    handler = (tree / MODULE).with_name("handler.py")
    text = handler.read_text()
    handler.unlink()
    try:
        run = tried(tree, home)
    finally:
        handler.write_text(text)

    assert "functions/modules/weather/handler.py is missing: `handler = serve" in run.said
    assert run.is_one_sentence


@pytest.mark.usefixtures("module")
def test_a_name_in_house_has_a_folder(tmp_path: Path, home: Path) -> None:
    tree = copy_tree(tmp_path / "tree")
    name_in_house(tree, "gone")

    run = tried(tree, home)

    assert "names 'gone', but there is no folder functions/modules/gone/." in run.said
    assert run.is_one_sentence
    assert "no folder functions/modules/gone/." in tried(tree, home, "local", "doctor").said


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize("named", ['{"api.example": "http://127.0.0.1:1"}', "api.example", "a=b"])
def test_stand_ins_that_cannot_be_read_are_refused_with_their_form(
    tree: Path, home: Path, named: str
) -> None:
    run = tried(tree, home, WADDLEBOT_OUTSIDE_STAND_INS=named)

    assert "WADDLEBOT_OUTSIDE_STAND_INS cannot be read at" in run.said
    assert "hooks.example=http://127.0.0.1:8123,api.example=http://127.0.0.1:8124" in run.said
    assert run.is_one_sentence


def test_the_doctor_says_what_a_start_refuses(tree: Path, module: Path, home: Path) -> None:
    module.write_text(GOOD.replace("# more", 'secrets=("PATH",),'))

    doctor = tried(tree, home, "local", "doctor")

    assert "secrets cannot have 'PATH'" in doctor.said
    assert doctor.is_one_sentence


def test_ctrl_c_is_no_failure_whatever_is_being_read(
    tree: Path, module: Path, home: Path, tmp_path: Path
) -> None:
    """CPython remembers one that meets an `exec` of text, as each dataclass is made by."""
    met = tmp_path / "met"
    work = f"import pathlib, time\npathlib.Path({str(met)!r}).touch()\ntime.sleep(30)"
    module.write_text(f"exec({work!r})\n")
    run = subprocess.Popen(
        [sys.executable, "-m", "local", "run"],
        cwd=tree,
        env={**os.environ, **settings_of(tree, home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert eventually(met.exists, within=60)

    run.send_signal(signal.SIGINT)

    said, _ = run.communicate(timeout=30)
    assert (run.returncode, said.strip()) == (0, f"stopped; data is kept in {home}")
