"""In which slot of a cluster a command belongs: read from the command, without asking a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redis.crc import key_slot

_SCRIPTS = {"EVAL", "EVALSHA"}
_OF_KEYS_ALONE = {"MGET", "DEL", "UNLINK", "EXISTS", "TOUCH"}


class ManySlots(Exception):
    """A command of ours holds keys of several slots, or none: no cluster does it."""


def keys_of(*command: Any) -> list[Any]:
    """Of the commands that the streams room sends, as the client's library spells them."""
    name, *rest = command
    if name in _SCRIPTS:
        return rest[2 : 2 + int(rest[1])]
    if name == "XREADGROUP":
        [*_, stream, _last] = rest  # of one stream at a time
        return [stream]
    return rest if name in _OF_KEYS_ALONE else rest[:1]


def slot_of(*command: Any) -> int:
    """Raises ManySlots."""
    slots = {key_slot(key.encode() if isinstance(key, str) else key) for key in keys_of(*command)}
    if len(slots) != 1:
        raise ManySlots(f"{command[0]} is about {len(slots)} slots.")
    return slots.pop()


class KnownKeys:
    """In place of the library's: that asks the server for all its commands, and then for keys."""

    def get_keys(self, _connection: Any, *command: Any) -> Sequence[Any]:
        return keys_of(*command)
