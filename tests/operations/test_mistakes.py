"""What is mistyped, and what answers at the wrong address or not at all."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest

from tests.helpers.operations_front import listening
from tests.helpers.terminal import Terminal, address, terminal

__all__ = ["address", "terminal"]


@pytest.mark.usefixtures("address")
def test_what_cannot_be_meant_is_told_in_words(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.type("person export twitch")
    assert terminal.code == 1
    assert "'twitch' names nobody: write PLATFORM:ID" in terminal.err
    for typed in ("audit --most x", "rules undo x"):
        with pytest.raises(SystemExit):
            terminal.type(typed)
        assert "'x' is no whole number" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["dlq list", "dlq drop 0-1-0", "streams", "explain twitch:1"])
def test_where_nobody_answers_one_sentence_says_what_to_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("WADDLEBOT_API_KEY", "any")

    terminal.type(line)

    assert terminal.code == 1
    assert terminal.err.startswith("Nobody answers at http://127.0.0.1:1. Start the platform")


@pytest.mark.parametrize("line", ["dlq replay", "dlq drop 0-1-0 --all", "dlq", "dlq list --kind x"])
def test_what_is_not_understood_is_exit_code_2(terminal: Terminal, line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        terminal.type(line)

    assert ended.value.code == 2


class Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody on, and remembers nothing."""

    def do_GET(self) -> None:
        answers = {"/moved": (302, b""), "/page": (200, b"<html>"), "/list": (200, b"[]")}
        status, body = answers[self.path.partition("/api")[0]]
        self.send_response(status)
        self.send_header("location", "http://127.0.0.1:1/")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.mark.parametrize("path", ["/moved", "/page", "/list"])
def test_another_server_is_recognized_and_the_key_not_sent_on(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("WADDLEBOT_API_KEY", "any")
    with listening(Elsewhere) as url:
        terminal.type(f"streams --url {url}{path}")

    assert terminal.code == 1
    assert terminal.err.startswith(f"Something else than WaddleBot answers at {url}{path}")
