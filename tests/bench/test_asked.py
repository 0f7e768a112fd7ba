"""What somebody waits for who asks the house: also where it puts them off."""

from __future__ import annotations

import http.server
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.asked import WARM_UP, ask_discord
from bench.house import House, HouseDown

ASKED = 2
KEYS = {"DISCORD_APPLICATION_ID": "1", "DISCORD_STAND_IN_PRIVATE_KEY": "07" * 32}


@pytest.fixture
def answers() -> list[int]:
    """Discord's types, in turn."""
    return []


@pytest.fixture
def house(tmp_path: Path, answers: list[int]) -> Iterator[House]:
    class Door(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            body = json.dumps({"type": answers.pop(0)}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    (tmp_path / "dev.env").write_text("".join(f"{name}={key}\n" for name, key in KEYS.items()))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield House(home=tmp_path, port=server.server_port, pid=os.getpid(), began=0.0)
        server.shutdown()
        thread.join()


def test_an_answer_that_is_to_follow_is_counted_as_put_off(
    house: House, answers: list[int]
) -> None:
    answers += [4] * WARM_UP + [5, 4]

    waits = ask_discord(house, ASKED)

    assert (len(waits.took), waits.put_off) == (ASKED, 1)


def test_what_is_no_answer_ends_the_run_and_leaves_no_connection_behind(
    house: House, answers: list[int]
) -> None:
    answers += [1] * (WARM_UP + ASKED)

    with pytest.raises(HouseDown, match="no answer"):
        ask_discord(house, ASKED)
