"""What a server does when it changes sides. It really does: nothing is acted here."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import redis

from tests.helpers.patience import eventually

NOBODY = ("127.0.0.1", "1")
_CHUNK = 1 << 16

Change = Callable[[str], AbstractContextManager[None]]
"""Of the Valkey at this address, until it is left again."""


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """It follows another server, which is not there."""
    with client_of(url) as client:
        client.execute_command("REPLICAOF", *NOBODY)
        try:
            yield
        finally:
            client.execute_command("REPLICAOF", "NO", "ONE")


@contextmanager
def cut_off(url: str) -> Iterator[None]:
    """It follows another server, and says nothing while that is not there."""
    with configured(url, replica_serve_stale_data="no"), read_only(url):
        yield


@contextmanager
def replica_less(url: str) -> Iterator[None]:
    with configured(url, min_replicas_to_write="1"):
        yield


@contextmanager
def full(url: str) -> Iterator[None]:
    """What is on it stays, and nothing fits any more."""
    with configured(url, maxmemory_policy="noeviction"), configured(url, maxmemory="1"):
        yield


@contextmanager
def disk_broken(url: str) -> Iterator[None]:
    """It is to save itself and cannot: where its file should stand is a folder."""
    with client_of(url) as client:
        folder = Path(str(client.config_get("dir")["dir"])) / "dump.rdb"
        folder.unlink(missing_ok=True)
        folder.mkdir()
        try:
            with configured(url, save="3600 1000000"):
                _save(client, "err")
                yield
                folder.rmdir()
                _save(client, "ok")
        finally:
            if folder.is_dir():
                folder.rmdir()


def _save(client: redis.Redis, becomes: str) -> None:
    def saved() -> bool:
        with contextlib.suppress(redis.ResponseError):  # one is under way
            client.bgsave()
        return bool(client.info("persistence")["rdb_last_bgsave_status"] == becomes)

    assert eventually(saved)


@contextmanager
def configured(url: str, **settings: str) -> Iterator[None]:
    wanted = {name.replace("_", "-"): value for name, value in settings.items()}
    with client_of(url) as client:
        before = {name: client.config_get(name)[name] for name in wanted}
        for name, value in wanted.items():
            client.config_set(name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                client.config_set(name, value)


@contextmanager
def client_of(url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(url, decode_responses=True, protocol=2) as client:
        yield client


@contextmanager
def database_read_only(pid: int, url: str) -> Iterator[None]:
    """As a managed one does before its disk is full: connections stay, and write no more."""
    with _set(pid, url, "default_transaction_read_only", "on"):
        yield


@contextmanager
def replay_paused(pid: int, url: str) -> Iterator[None]:
    """The replica gets all that is written, and shows none of it."""
    with _set(pid, url, "recovery_min_apply_delay", "1h"):
        yield


@contextmanager
def _set(pid: int, url: str, name: str, value: str) -> Iterator[None]:
    """As ALTER SYSTEM does, which takes a superuser, who has no way in."""
    file = Path(psutil.Process(pid).cwd()) / "postgresql.auto.conf"
    before, shown = file.read_text(), _shown(url, name)
    _reload(pid, file, f"{before}\n{name} = {value}\n")
    assert eventually(lambda: _shown(url, name) == value)
    try:
        yield
    finally:
        _reload(pid, file, before)
        assert eventually(lambda: _shown(url, name) == shown)


def _reload(pid: int, file: Path, text: str) -> None:
    file.write_text(text)
    os.kill(pid, signal.SIGHUP)


def _shown(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    return str(row and row[0])


@contextmanager
def database_crowded(url: str) -> Iterator[None]:
    """No connection is left for anybody."""
    with ExitStack() as guests:

        def is_crowded() -> bool:
            try:
                guests.enter_context(psycopg.connect(url))
            except psycopg.OperationalError:
                return True
            return False

        while not is_crowded():
            pass
        yield


def promote(pid: int, url: str) -> None:
    """A replica becomes a server that takes writes."""
    server = psutil.Process(pid)
    (Path(server.cwd()) / "promote").touch()
    os.kill(pid, signal.SIGUSR1)

    def is_promoted() -> bool:
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)

    assert eventually(is_promoted)


class Name:
    """An address that means one server now and another one later, as DNS has it.

    What is connected stays with whom it was connected to.
    """

    def __init__(self, url: str) -> None:
        self.means(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        parts = urlsplit(url)
        who, _, _ = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{who}@127.0.0.1:{port}").geturl()

    def means(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname, parts.port)

    @contextmanager
    def open(self) -> Iterator[Name]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(self._server)
                except ConnectionRefusedError:
                    client.close()
                    continue
                for one, other in ((client, server), (server, client)):
                    threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError), one, other:
        while some := one.recv(_CHUNK):
            other.sendall(some)
