"""Lambda's Invoke API as far as a client can see it: answers what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request as it arrived; `connection` tells connections apart."""

    path: str
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def function(self) -> str:
        return _called(self.path)


@dataclass(slots=True)
class LambdaStandIn:
    """`answer` is called with the handler and must write the response itself."""

    answer: Callable[[Door], None]
    seen: list[Seen] = field(default_factory=list)
    url: str = ""

    def environment(self, **more: str) -> Environment:
        return Environment(
            {
                "AWS_ENDPOINT_URL_LAMBDA": self.url,
                "AWS_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                "WADDLEBOT_FUNCTION_PREFIX": "test-",
                **more,
            }
        )


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand_in: LambdaStandIn
    body: bytes
    """Of this request; `stand_in.seen[-1]` may be another's by then."""

    @property
    def function(self) -> str:
        """Empty for one that is not called by its alias: nobody may call it otherwise."""
        return _called(self.path)

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        if len(body) < size:
            return  # its caller was killed in the middle of it
        self.body = body
        self.stand_in.seen.append(
            Seen(
                path=self.path,
                headers=dict(self.headers.items()),
                body=body,
                connection=self.client_address[1],
            )
        )
        self.stand_in.answer(self)

    def says(self, payload: Any, status: int = 200, **headers: str) -> None:
        body = json.dumps(payload).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _called(path: str) -> str:
    name, _, alias = unquote(path.split("/")[3]).partition(":")
    return name if alias == LIVE else ""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that went away is part of the tests."""


@contextmanager
def lambda_stand_in(answer: Callable[[Door], None]) -> Iterator[LambdaStandIn]:
    stand_in = LambdaStandIn(answer)
    door = type("BoundDoor", (Door,), {"stand_in": stand_in})
    server = _Server(("127.0.0.1", 0), door)
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
