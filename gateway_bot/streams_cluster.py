"""The gateways' way to streams in cluster mode, as streams_server.py is to one server."""

from __future__ import annotations

from typing import Any, Self, cast

from redis._parsers import AsyncCommandsParser
from redis.asyncio.cluster import ClusterPipeline, RedisCluster
from redis.exceptions import AskError, MovedError, TryAgainError

from gateway_bot.streams_server import TRUTHFUL, heard_once
from waddlebot.stores.valkey_cluster import TRIED_AGAIN, fullest, truthful_cluster
from waddlebot.stores.valkey_slots import KnownKeys, slot_of

MOST_CONNECTIONS = 1 << 16
"""To each server. A reader and a sender wait on one each, in each partition."""


class _Patient:
    """The library asks a server that is being moved to on any connection but the one that then
    brings the command: who is told to ask there waits, and comes again."""

    async def read_response(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().read_response(*args, **options)  # type: ignore[misc]
        except MovedError:
            raise
        except AskError as elsewhere:
            raise TryAgainError(str(elsewhere)) from elsewhere


class _AsyncKeys(KnownKeys):
    async def initialize(self, _node: Any) -> None:
        pass

    async def get_keys(self, *command: Any) -> Any:  # type: ignore[override]
        return KnownKeys.get_keys(self, None, *command)


class StreamsCluster(RedisCluster):
    """It looks for the servers at first use, and raises what streams_server.py says."""

    ERRORS_ALLOW_RETRY: Any = TRIED_AGAIN

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options,
            max_connections=MOST_CONNECTIONS,
            require_full_coverage=False,  # a shard that is away keeps nobody from the others
            reinitialize_steps=0,  # that would break off whoever waits
        )
        kind = TRUTHFUL[self.connection_kwargs["connection_class"]]
        patient = type(f"Patient{kind.__name__}", (_Patient, kind), {})
        self.connection_kwargs["connection_class"] = patient
        for node in self.startup_nodes:
            node.connection_class = patient
        self.commands_parser = cast(AsyncCommandsParser, _AsyncKeys())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
        # Also what was opened before the last look for servers failed.
        await self.nodes_manager.aclose()

    async def initialize(self, *args: Any, **options: Any) -> RedisCluster:
        with truthful_cluster():
            return await super().initialize(*args, **options)

    async def execute_command(self, *command: Any, **options: Any) -> Any:
        with truthful_cluster():
            return await super().execute_command(*command, **options)

    async def _execute_command(self, target_node: Any, *command: Any, **options: Any) -> Any:
        with heard_once(command[0]):
            return await super()._execute_command(target_node, *command, **options)

    def pipeline(self, transaction: Any = None, shard_hint: Any = None) -> ClusterPipeline:  # noqa: ARG002 - the library's
        return _Batch(self, transaction)

    async def info(self, section: str) -> dict[str, Any]:  # type: ignore[override]
        """Of the shard that is fullest."""
        command = ("INFO", section)
        return fullest(await self.execute_command(*command, target_nodes=RedisCluster.PRIMARIES))

    async def _determine_slot(self, command: str, *args: Any) -> int:
        return slot_of(command, *args)


class _Batch(ClusterPipeline):
    _event_dispatcher: Any = None

    async def execute(self, *args: Any, **options: Any) -> list[Any]:
        with truthful_cluster():
            return list(await super().execute(*args, **options))
