"""The `waddlebot` command as a developer types it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from waddlebot_sdk import (
    Announce,
    Chat,
    DeleteLine,
    Failed,
    General,
    Media,
    React,
    Response,
    SayElsewhere,
    ShoutOut,
    Ticker,
)
from waddlebot_sdk.cli import all_verbs, as_shown

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "import sys; from waddlebot_sdk.cli import main; sys.exit(main(sys.argv[1:]))"
HELPS = [(verb, "--help") for verb in sorted(all_verbs())]
STRANGERS_MODULE = """
from waddlebot_sdk import Chat, Module, Role, command

@command("hug <name>", "Hug somebody.", example="hug Max", role=Role.MODERATOR)
def hug(call, _tools):
    return Chat(f"{call.user.name} hugs {call.arguments['name']}")

MODULE = Module(name="hugs", summary="Hugs.", commands=(hug,), community=True)
"""


@dataclass(frozen=True, slots=True)
class Typed:
    status: int
    out: str
    err: str


def waddlebot(*argv: str, folder: Path = ROOT) -> Typed:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *argv],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return Typed(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def strangers_folder(tmp_path: Path) -> Path:
    (tmp_path / "module.py").write_text(STRANGERS_MODULE)
    return tmp_path


@pytest.mark.for_the_gate
@pytest.mark.parametrize("argv", [("--help",), ("run", "#roll 2d1"), *HELPS], ids=" ".join)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_every_verb_ends_quietly_where_nobody_reads_on(
    argv: tuple[str, ...], unbuffered: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *argv],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)

    assert done.stderr == ""
    # A help that could not be written is no matter to its library.
    assert done.returncode == 141 or (unbuffered and argv[1:] == ("--help",))


BREAKING = """
import os, sys
import waddlebot_sdk.cli as cli

def talk(argv):
    reading, writing = os.pipe()
    os.close(reading)
    print("begun", flush=True)
    os.write(writing, b"to somebody else")
    return 0

cli.all_verbs = lambda: {"talk": lambda: talk}
sys.exit(cli.main(["talk"]))
"""


def test_a_connection_that_somebody_else_ends_is_a_failure_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BREAKING], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (done.returncode, done.stdout) == (1, "begun\n")
    assert done.stderr == (
        "Somebody else ended the connection: [Errno 32] Broken pipe. Try again.\n"
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_verb_that_was_started_without_a_stream_does_all_the_same(closed: str) -> None:
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(PROGRAM)} --version {closed}"
    done = subprocess.run(command, shell=True, capture_output=True, check=False, cwd=ROOT)  # noqa: S602
    assert (done.returncode, done.stderr) == (0, b"")


def test_run_prints_what_chat_would_show() -> None:
    typed = waddlebot("run", "#roll 2d1", "--as", "Max")

    assert (typed.status, typed.out) == (0, "Max rolled 2d1: 1 + 1 = 2\n")


def test_run_finds_the_tree_from_inside_a_module() -> None:
    typed = waddlebot("run", "#roll d1", folder=ROOT / "functions" / "modules" / "roll")

    assert (typed.status, typed.out) == (0, "Ana rolled d1: 1\n")


def test_run_finds_a_module_that_lies_in_the_folder(strangers_folder: Path) -> None:
    as_user = waddlebot("run", "#hug Max", folder=strangers_folder)
    as_moderator = waddlebot("run", "#hug Max", "--role", "moderator", folder=strangers_folder)

    assert as_user.out == "#hug needs moderator.\n"
    assert as_moderator.out == "Ana hugs Max\n"


def test_a_missing_argument_shows_the_usage(strangers_folder: Path) -> None:
    typed = waddlebot("run", "#hug", "--role", "owner", folder=strangers_folder)

    assert typed.out == "(to you alone) Usage: #hug <name>. Example: #hug Max\n"


def test_a_module_that_keeps_data_is_tried_on_the_platform() -> None:
    typed = waddlebot("run", "!quote")

    assert typed.status == 1
    assert "memories keeps data: start `make run` and talk to it with `make chat`" in typed.err


def test_an_unknown_command_lists_what_there_is(strangers_folder: Path) -> None:
    typed = waddlebot("run", "#hugg Max", folder=strangers_folder)

    assert typed.status == 2
    assert "No module here answers '#hugg Max'. Did you mean '#hug'?" in typed.err
    assert "hugs: #hug <name>" in typed.err


def test_a_module_that_cannot_be_loaded_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("import nothing_of_this_name")

    typed = waddlebot("run", "#hug Max", folder=tmp_path)

    assert typed.status == 2
    assert "could not be loaded: ModuleNotFoundError: No module named" in typed.err


def test_a_folder_without_modules_says_where_to_go(tmp_path: Path) -> None:
    typed = waddlebot("run", "#hug Max", folder=tmp_path)

    assert typed.status == 2
    assert "There is no module here." in typed.err


def test_help_lists_the_verbs_that_other_packages_add() -> None:
    for typed in (waddlebot(), waddlebot("--help")):
        assert typed.status == 0
        assert 'run "#roll 2d6"' in typed.out
        assert "classify" in typed.out


def test_an_unknown_verb_gets_the_nearest_one() -> None:
    typed = waddlebot("rum", "#roll")

    assert (typed.status, typed.err) == (2, "waddlebot has no verb 'rum'. Did you mean 'run'?\n")


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        (Chat("Hello"), "Hello"),
        (Ticker("News", seconds=5), "[overlay, 5 s] News"),
        (
            Media(media_type="video", media_url="https://e.org/v"),
            "[overlay, video] https://e.org/v",
        ),
        (General(content="hi"), "[overlay, 10 s] hi"),
        (Failed("No luck."), "No luck. (failed: no reason given)"),
        (Announce("Cake!"), "[announced] Cake!"),
        (React("🎂"), "[reacts to your line] 🎂"),
        (DeleteLine(), "[deletes your line]"),
        (ShoutOut("@max"), "[gives a shoutout] @max"),
        (SayElsewhere("Cake!", "twitch:channel:2"), "[says in twitch:channel:2] Cake!"),
    ],
)
def test_what_is_not_chat_says_where_it_goes(response: Response, shown: str) -> None:
    assert as_shown(response) == shown


def test_help_has_a_line_for_each_verb_and_says_what_it_does() -> None:
    typed = waddlebot("--help")

    assert typed.status == 0
    for verb in all_verbs():
        [line] = [one for one in typed.out.splitlines() if re.match(rf"  {verb}\b", one)]
        what = re.split(r"\s{2,}", line.strip(), maxsplit=1)[1]
        assert "see: waddlebot" not in what, line
        assert len(what) > 10, line


def test_it_says_which_version_it_is() -> None:
    assert re.fullmatch(r"waddlebot \d+\.\d+\.\d+\n", waddlebot("--version").out)


@pytest.mark.parametrize("content", [None, "no json", "[]", '{"meta": {}}'])
def test_an_index_that_is_none_is_answered_with_a_sentence(
    tmp_path: Path, content: str | None
) -> None:
    index = tmp_path / "index.json"
    if content is not None:
        index.write_text(content)

    typed = waddlebot("classify", str(index))

    assert typed.status == 2
    assert str(index) in typed.err
    assert typed.err.endswith("Name the index.json beside the payloads.\n")
    assert "Traceback" not in typed.err
