"""A wire to a server that breaks, once, when an answer with these words comes back."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(slots=True, kw_only=True)
class Wire:
    """The server has done what it was asked; whoever asked never hears of it."""

    url: str
    words: bytes
    is_broken: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def losing(url: str, words: bytes) -> Iterator[Wire]:
    parts = urlsplit(url)
    server = (parts.hostname or "127.0.0.1", parts.port or 6379)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        at = parts._replace(netloc=f":{parts.password}@127.0.0.1:{port}").geturl()
        wire = Wire(url=at, words=words)
        threading.Thread(target=_accept, args=(listener, server, wire), daemon=True).start()
        yield wire


def _accept(listener: socket.socket, server: tuple[str, int], wire: Wire) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            behind = socket.create_connection(server)
            for carry in (_there, _back):
                threading.Thread(target=carry, args=(client, behind, wire), daemon=True).start()


def _there(client: socket.socket, server: socket.socket, _wire: Wire) -> None:
    with contextlib.suppress(OSError), client, server:
        while said := client.recv(1 << 16):
            server.sendall(said)


def _back(client: socket.socket, server: socket.socket, wire: Wire) -> None:
    with contextlib.suppress(OSError), client, server:
        while answer := server.recv(1 << 16):
            if wire.words in answer and not wire.is_broken.is_set():
                wire.is_broken.set()
                for end in (client, server):
                    end.shutdown(socket.SHUT_RDWR)
                return
            client.sendall(answer)
