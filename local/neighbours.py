"""Whose program is at the other end of a connection on this machine, as far as the kernel tells.

On a machine that several people share, loopback is everybody's.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

STATE = "neighbour"
"""Under which name a connection's neighbour stands in the state of its requests."""
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS = "0A"

Address = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Looked up once, when somebody asks; `client` and `server` are the connection's ends."""

    client: Address
    server: Address

    @cached_property
    def is_ours(self) -> bool:
        """Whether it runs as we do, or as root; also where this system does not tell."""
        is_told = False
        for local, remote, state, owner, inode in _rows():
            if state == _LISTENS and local[1] == self.server[1]:
                is_told = True  # the table is whole, so the other end has to be in it
            # An end that nobody holds any more is shown as root's, without an inode.
            if (local, remote) == (self.client, self.server) and inode:
                return owner in (0, os.geteuid())
        return not is_told


def _rows() -> Iterator[tuple[Address, Address, str, int, int]]:
    """Of all connections: local and remote address, state, owner, inode."""
    for table in TABLES:
        with contextlib.suppress(OSError, ValueError, IndexError):
            for line in table.read_text().splitlines()[1:]:
                parts = line.split()
                yield (
                    _address(parts[1]),
                    _address(parts[2]),
                    parts[3],
                    int(parts[7]),
                    int(parts[9]),
                )


def _address(text: str) -> Address:
    """As the kernel writes it: words of four bytes in the order of this machine."""
    host, _, port = text.partition(":")
    words = struct.iter_unpack(">I", bytes.fromhex(host))
    found = ipaddress.ip_address(b"".join(struct.pack("=I", word) for (word,) in words))
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(found), int(port, 16)
