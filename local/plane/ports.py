"""Ports on loopback, chosen once and kept, so that an address in somebody's notes stays true."""

from __future__ import annotations

import json
import secrets
import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LOOPBACK = "127.0.0.1"
# Below the numbers that outgoing connections take, one of which may come before our server.
FIRST, LAST = 20_000, 32_000


def choose_ports(names: Iterable[str], remembered: Path) -> dict[str, int]:
    """Those of last time where they are free, else others; written down again."""
    before = load_ports(remembered)
    with ExitStack() as held:  # all at once, so that no two get the same
        now = {name: hold_port(before.get(name, 0), held) for name in names}
    if now.items() - before.items():
        new = remembered.with_name(f"{remembered.name}.new")
        new.write_text(json.dumps({**before, **now}, indent=1))
        new.replace(remembered)
    return now


def load_ports(remembered: Path) -> dict[str, int]:
    try:
        ports = json.loads(remembered.read_text())
        return {str(name): int(port) for name, port in ports.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}  # none yet, or the file is damaged: any port is as good


def hold_port(wanted: int, held: ExitStack) -> int:
    port = wanted or a_port()
    while not is_held(port, held):
        port = a_port()
    return port


def a_port() -> int:
    return FIRST + secrets.randbelow(LAST - FIRST)


def is_held(port: int, held: ExitStack) -> bool:
    taken = held.enter_context(socket.socket())
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((LOOPBACK, port))
        taken.listen(1)  # that alone keeps the next one out who says SO_REUSEADDR
    except (OSError, OverflowError):  # taken, or a number that is none
        return False
    return True
