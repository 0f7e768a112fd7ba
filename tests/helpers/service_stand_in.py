"""Somebody else's server on loopback, as wrong as servers are: it does what a test tells it to."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "hooks.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Service:
    """`does` is called with the handler of each request and its number, from 1."""

    does: Callable[[Handler, int], None]
    seen: list[Seen] = field(default_factory=list)
    origin: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def stand_ins(self) -> dict[str, str]:
        return {HOST: self.origin}


class Handler(BaseHTTPRequestHandler):
    service: Service

    def handle_one(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        seen = Seen(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        self.service.seen.append(seen)
        self.service.does(self, len(self.service.seen))

    do_GET = do_POST = handle_one  # noqa: N815 - the names that http.server looks for

    def says(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that went away is part of the tests."""


@contextmanager
def serving(
    does: Callable[[Handler, int], None], tls: ssl.SSLContext | None = None
) -> Iterator[Service]:
    service = Service(does)
    server = _Server(("127.0.0.1", 0), type("BoundHandler", (Handler,), {"service": service}))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    service.origin = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def always(body: bytes = b"", status: int = 200, **headers: str) -> Callable[[Handler, int], None]:
    return lambda handler, _number: handler.says(body, status, **headers)
