"""Whose program is at the other end of a connection on this machine, as far as the kernel tells.

On a machine that several people share, loopback is everybody's.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

STATE = "neighbour"
"""Under which name a connection's neighbour stands in the state of its requests."""
TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LISTENS = "0A"

# The kernel's sock_diag(7): one connection is asked for, where a table names them all.
_QUESTION = struct.Struct("=IHHII BBBxI")
_ENDS = struct.Struct(">HH16s16s")
_NEITHER_INTERFACE_NOR_COOKIE = struct.pack("=III", 0, 2**32 - 1, 2**32 - 1)
_ANSWER = struct.Struct("=16x4x48x12xII")
_ENDS_AT = 20
_SOCK_DIAG_BY_FAMILY, _REQUEST, _EVERY_STATE = 20, 1, 2**32 - 1
_NETLINK_SOCK_DIAG = 4

Address = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """Looked up once, when somebody asks; `client` and `server` are the connection's ends."""

    client: Address
    server: Address

    @cached_property
    def is_ours(self) -> bool:
        """Whether it runs as we do, or as root; also where this system does not tell."""
        owner = _owner_of(self.client, self.server)
        return self._is_ours_in_the_table() if owner is None else owner in (0, os.geteuid())

    def _is_ours_in_the_table(self) -> bool:
        """Milliseconds for each: of a connection that has just ended, or without sock_diag."""
        is_told = False
        for local, remote, state, owner, inode in _rows():
            if state == _LISTENS and local[1] == self.server[1]:
                is_told = True  # the table is whole, so the other end has to be in it
            # An end that nobody holds any more is shown as root's, without an inode.
            if (local, remote) == (self.client, self.server) and inode:
                return owner in (0, os.geteuid())
        return not is_told


def _owner_of(local: Address, remote: Address) -> int | None:
    """Of the end that is `local` here; None where nobody holds it, or nothing is told of it."""
    try:
        family, ends = _packed(local, remote)
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as kernel:
            length = _QUESTION.size + len(ends) + len(_NEITHER_INTERFACE_NOR_COOKIE)
            head = (length, _SOCK_DIAG_BY_FAMILY, _REQUEST, 0, 0)
            asked = _QUESTION.pack(*head, family, socket.IPPROTO_TCP, 0, _EVERY_STATE)
            kernel.send(asked + ends + _NEITHER_INTERFACE_NOR_COOKIE)
            told = kernel.recv(4096)
    except (OSError, ValueError, AttributeError):  # another system has no such sockets
        return None
    # An error is shorter. Where nobody is connected, who listens at `local` would be told.
    if len(told) < _ANSWER.size or told[_ENDS_AT : _ENDS_AT + len(ends)] != ends:
        return None
    owner, inode = _ANSWER.unpack_from(told)
    return int(owner) if inode else None


def _packed(local: Address, remote: Address) -> tuple[int, bytes]:
    """Their family, and both as the kernel reads them. Raises ValueError."""
    here, there = ipaddress.ip_address(local[0]), ipaddress.ip_address(remote[0])
    family = socket.AF_INET if here.version == 4 else socket.AF_INET6
    return family, _ENDS.pack(
        local[1], remote[1], here.packed.ljust(16, b"\0"), there.packed.ljust(16, b"\0")
    )


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
