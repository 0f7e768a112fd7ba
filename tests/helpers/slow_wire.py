"""A wire to a Valkey server on which every answer takes its time."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

_CHUNK = 1 << 16


@contextlib.contextmanager
def slow_wire(url: str, *, seconds: float) -> Iterator[str]:
    """The server's address with this wire in between."""
    parts = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accept = (listener, (parts.hostname or "", parts.port or 0), seconds)
        threading.Thread(target=_accept, args=accept, daemon=True).start()
        user, _, _ = parts.netloc.rpartition("@")
        yield parts._replace(netloc=f"{user}@127.0.0.1:{listener.getsockname()[1]}").geturl()


def _accept(listener: socket.socket, server: tuple[str, int], seconds: float) -> None:
    with contextlib.suppress(OSError):
        while True:
            asking = listener.accept()[0]
            answering = socket.create_connection(server)
            for way in ((asking, answering, 0.0), (answering, asking, seconds)):
                threading.Thread(target=_carry, args=way, daemon=True).start()


def _carry(here: socket.socket, there: socket.socket, seconds: float) -> None:
    with contextlib.suppress(OSError), here, there:
        while said := here.recv(_CHUNK):
            time.sleep(seconds)
            there.sendall(said)
