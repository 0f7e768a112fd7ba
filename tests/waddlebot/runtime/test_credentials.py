from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.credentials import CredentialSource
from waddlebot.runtime.environment import Environment, MissingVariable


class KeyGiver(BaseHTTPRequestHandler):
    """What the host of a container answers; `life` decides how long keys are good for."""

    life = timedelta(hours=6)
    asked: list[str | None]

    def do_GET(self) -> None:
        self.asked.append(self.headers["Authorization"])
        body = json.dumps(
            {
                "AccessKeyId": f"key-{len(self.asked)}",
                "SecretAccessKey": "secret",
                "Token": "token",
                "Expiration": (datetime.now(UTC) + self.life).isoformat(),
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def key_giver() -> Iterator[tuple[type[KeyGiver], Environment]]:
    giver = type("Giver", (KeyGiver,), {"asked": []})
    server = HTTPServer(("127.0.0.1", 0), giver)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/keys"
    yield (
        giver,
        Environment(
            {
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": address,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "let me in",
            }
        ),
    )
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_plain_function_finds_its_keys_in_the_environment() -> None:
    source = CredentialSource(Environment({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}))

    assert (source.current().key_id, source.current().session_token) == ("a", "")


def test_a_container_asks_its_host_once_while_the_keys_are_good(
    key_giver: tuple[type[KeyGiver], Environment],
) -> None:
    giver, environment = key_giver
    source = CredentialSource(environment)

    assert [source.current().key_id for _ in range(3)] == ["key-1"] * 3
    assert giver.asked == ["let me in"]


def test_keys_that_run_out_soon_are_fetched_anew(
    key_giver: tuple[type[KeyGiver], Environment],
) -> None:
    giver, environment = key_giver
    giver.life = timedelta(minutes=4)
    source = CredentialSource(environment)

    assert [source.current().key_id for _ in range(2)] == ["key-1", "key-2"]


def test_a_host_that_gives_none_is_unavailable() -> None:
    source = CredentialSource(
        Environment({"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/keys"})
    )
    with pytest.raises(Unavailable):
        source.current()


def test_missing_keys_are_named() -> None:
    with pytest.raises(MissingVariable, match="AWS_ACCESS_KEY_ID"):
        CredentialSource(Environment({})).current()
