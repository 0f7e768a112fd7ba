"""The door to a Valkey in cluster mode: the same words, and the same failures, as to one server.

The library knows servers and slots. What it does otherwise than stores/valkey.py promises is
mended here: it connects when it is made, asks servers where keys stand in commands, and has errors
of its own for a cluster that is away.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self, cast

import redis
from redis.cluster import RedisCluster
from redis.commands import CoreCommands
from redis.connection import parse_url
from redis.exceptions import (
    AskError,
    ClusterError,
    RedisClusterException,
    SlotNotCoveredError,
    TryAgainError,
)

from waddlebot.stores.streams_room import share_used
from waddlebot.stores.valkey import TRUTHFUL, Away, NoRoom
from waddlebot.stores.valkey_slots import KnownKeys, slot_of

TRIED_AGAIN = (redis.ConnectionError, Away, NoRoom, SlotNotCoveredError)
"""Not what timed out: that may have happened."""


@contextmanager
def truthful_cluster() -> Iterator[None]:
    """Raises Away where the library says in words of its own that nothing happened."""
    try:
        yield
    except (ClusterError, AskError, TryAgainError) as error:
        raise Away(error, "is moving some of what it keeps to another shard") from error
    except RedisClusterException as error:
        raise Away(error, "does not say which of its shards keeps what") from error


class ClusterClient(CoreCommands):
    """As `connect` gives it where the address says so; it looks for the servers at first use."""

    _event_dispatcher: Any = None  # of what the library tells, nobody here listens to anything

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self._url = url
        self._options = options
        self._turn = threading.Lock()
        self._cluster: _Routed | None = None

    def execute_command(self, *command: Any, **options: Any) -> Any:
        with truthful_cluster():
            return self.open().execute_command(*command, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True) -> ClusterBatch:  # noqa: FBT001, FBT002 - redis'
        return ClusterBatch(self, is_transaction=transaction)

    def info(self, section: str) -> dict[str, Any]:  # type: ignore[override]
        """Of the shard that is fullest."""
        command = ("INFO", section)
        shards = self.execute_command(*command, target_nodes=RedisCluster.PRIMARIES)
        return fullest(shards)

    def scan_iter(self, **options: Any) -> Iterator[bytes]:  # type: ignore[override]
        """Of all shards."""
        with truthful_cluster():
            yield from self.open().scan_iter(**options)

    def open(self) -> _Routed:
        with self._turn:
            if self._cluster is None:
                self._cluster = _Routed.of(self._url, self._options)
            return self._cluster

    def close(self) -> None:
        with self._turn:
            if self._cluster is not None:
                self._cluster.close()
                self._cluster = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ClusterBatch(CoreCommands):
    """Commands that go together, one round trip a shard; nothing is asked before `execute`."""

    _event_dispatcher: Any = None

    def __init__(self, client: ClusterClient, *, is_transaction: bool) -> None:
        self._client = client
        self._is_transaction = is_transaction
        self._commands: list[tuple[Any, ...]] = []

    def execute_command(self, *command: Any, **options: Any) -> ClusterBatch:
        self._commands.append((command, options))
        return self

    def info(self, section: str) -> ClusterBatch:  # type: ignore[override]
        """Of the shard that is fullest; all are asked, beside what goes together."""
        return self.execute_command("INFO", section)

    def execute(self, raise_on_error: bool = True) -> list[Any]:  # noqa: FBT001, FBT002 - redis'
        with truthful_cluster():
            batch: Any = self._client.open().pipeline(transaction=self._is_transaction)  # type: ignore[no-untyped-call]
            for command, options in self._commands:
                if command[0] != "INFO":
                    batch.execute_command(*command, **options)
            answers = iter(batch.execute(raise_on_error))
            return [
                self._client.info(command[1]) if command[0] == "INFO" else next(answers)
                for command, _ in self._commands
            ]


class _Routed(RedisCluster):
    """It finds slots by itself."""

    ERRORS_ALLOW_RETRY: Any = TRIED_AGAIN

    @classmethod
    def of(cls, url: str, options: Mapping[str, Any]) -> _Routed:
        said = parse_url(url)  # type: ignore[no-untyped-call]
        kind = TRUTHFUL[said.pop("connection_class", redis.Connection)]
        plain = url.replace("rediss://", "redis://", 1)  # what kind it is we say ourselves
        cluster: Any = cls.from_url(
            plain,
            **{**options, "connection_class": kind},
            require_full_coverage=False,  # a shard that is away keeps nobody from the others
            reinitialize_steps=0,
        )
        cluster.commands_parser = KnownKeys()
        return cast(_Routed, cluster)

    def command(self, **_: Any) -> dict[str, Any]:
        return {}

    def determine_slot(self, *command: Any) -> int:
        return slot_of(*command)


def fullest(shards: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Of what INFO says of the memory of each."""
    return max(shards.values(), key=share_used)
