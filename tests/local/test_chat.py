from __future__ import annotations

import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.helpers.operations_front import listening
from tests.helpers.stand_ins import Front, front

__all__ = ["front"]  # a fixture


def chat(text: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "local.chat", *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("on", ["twitch", "slack"])
def test_one_line_in_is_one_answer_out(front: Front, on: str) -> None:
    done = chat("!quote\n", "--as", "ana", "--on", on, "--to", front.url)
    assert (done.returncode, done.stdout) == (0, "WaddleBot  echo: !quote\n"), done.stderr


def test_an_hourglass_is_waited_on_until_the_answer_is_there(front: Front) -> None:
    front.bot.slack_seconds = 5
    done = chat("!order\n", "--as", "ana", "--on", "slack", "--to", front.url)
    first, *_, last = done.stdout.splitlines()
    assert (first, last) == ("(reaction: :hourglass_flowing_sand:)", "WaddleBot  echo: !order")
    assert (done.returncode, done.stderr) == (
        0,
        "It takes longer; I wait for the answer (Ctrl-C ends that).\n",
    )


def test_slash_commands_work_and_each_line_gets_its_own_answers(front: Front) -> None:
    lines = "/waddlebot quote 1\n\n/waddlebot quote 2\n"
    done = chat(lines, "--as", "max", "--on", "discord", "--to", front.url)
    assert done.stdout == "WaddleBot  echo: quote 1\nWaddleBot  echo: quote 2\n"


def test_an_answer_for_one_person_is_marked(front: Front) -> None:
    front.bot.discord_answer = {"type": 4, "data": {"content": "hush", "flags": 64}}
    done = chat("/waddlebot me\n", "--as", "ana", "--on", "discord", "--to", front.url)
    assert done.stdout == "WaddleBot  hush  (only you see this)\n"


def test_the_address_is_read_where_make_run_left_it(front: Front, tmp_path: Path) -> None:
    (tmp_path / "address").write_text(front.url + "\n")
    done = chat("!hi\n", WADDLEBOT_HOME=str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "WaddleBot  echo: !hi\n")


def test_where_nothing_runs_it_says_what_to_do(tmp_path: Path) -> None:
    done = chat("!hi\n", WADDLEBOT_HOME=str(tmp_path), PORT="9")
    assert (done.returncode, done.stderr) == (1, "Nothing runs here yet: make run\n")


def test_a_line_that_nobody_takes_is_said_to_be_lost(front: Front) -> None:
    done = chat("!hi\n", "--as", "ana", "--on", "discord", "--to", front.url)
    assert done.returncode == 1
    assert "gateway" in done.stderr


class Leaving(BaseHTTPRequestHandler):
    """The stand-ins' door of a house that ends while it takes a line."""

    def do_GET(self) -> None:
        body = b'{"last": 0, "replies": []}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_a_house_that_goes_away_leaves_the_typed_line_in_sight() -> None:
    with listening(Leaving) as address:
        done = chat("!quote of the day\n", "--to", address)
    assert done.returncode == 1
    assert "!quote of the day" in done.stderr
    assert "make run" in done.stderr
