"""Counts how often a client has waited for its server."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector

Address = tuple[str, int] | str


@dataclass(slots=True)
class RoundTrips:
    """`port` of 127.0.0.1 leads to the server; `count` grows when a client speaks after it."""

    port: int = 0
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self) -> None:
        with self.lock:
            self.count += 1


@contextmanager
def counting(server: Address) -> Iterator[RoundTrips]:
    trips = RoundTrips()

    class Between(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with _connected(server) as there:
                _carry(self.request, there, trips)

    class Front(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Front(("127.0.0.1", 0), Between) as front:
        trips.port = front.server_address[1]
        thread = threading.Thread(target=front.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield trips
        finally:
            front.shutdown()
            thread.join()


def _connected(server: Address) -> socket.socket:
    if isinstance(server, tuple):
        return socket.create_connection(server)
    there = socket.socket(socket.AF_UNIX)
    there.connect(server)
    return there


def _carry(client: socket.socket, server: socket.socket, trips: RoundTrips) -> None:
    server_spoke = True
    with DefaultSelector() as selector:
        selector.register(client, EVENT_READ, server)
        selector.register(server, EVENT_READ, client)
        while True:
            for key, _ in selector.select():
                assert isinstance(key.fileobj, socket.socket)
                data = key.fileobj.recv(65_536)
                if not data:
                    return
                if key.fileobj is client and server_spoke:
                    trips.add()
                server_spoke = key.fileobj is server
                key.data.sendall(data)
