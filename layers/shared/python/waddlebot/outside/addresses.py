"""Where a name leads: looked up once, looked at whole, and nowhere but to the open internet."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence

from waddlebot.outside.errors import NotPublic, NotReached

LOOK_UP_SECONDS = 2.0
MOST_TRIED = 3
"""Of the addresses of one name; some have dozens."""

Resolver = Callable[[str, int], Sequence[str]]
"""The IP addresses of a name, as text; OSError where there are none."""

_V6_UNICAST = ipaddress.ip_network("2000::/3")
_CARRYING_V4 = tuple(
    map(
        ipaddress.ip_network,
        (
            "2001::/32",  # Teredo
            "2002::/16",  # 6to4
        ),
    )
)
"""Routed to the IPv4 address that they hold. IPv4-mapped, NAT64 and the like are no `2000::/3`."""
_CLOUDS_OWN = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # Azure's, public by its number
            "192.0.0.0/24",  # of protocols; Oracle's metadata is 192.0.0.192
            "192.88.99.0/24",  # 6to4 relays
            "3fff::/20",  # of documentation, newer than some releases
        ),
    )
)
"""What Python may call global, by its release, and the host of a machine may answer."""


def resolve(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def public_addresses(
    host: str, port: int, *, resolver: Resolver, seconds: float
) -> tuple[str, ...]:
    """What to connect to; whoever connects must use these and look nothing up again.

    Raises:
        NotReached: there is no such name, or its server does not answer.
        NotPublic: one of its addresses is not of the open internet: then none is tried.
    """
    found = _looked_up(host, port, resolver, min(seconds, LOOK_UP_SECONDS))
    if not all(map(is_public, found)):
        raise NotPublic(host)
    return tuple(found[:MOST_TRIED])


def is_public(address: str) -> bool:
    """Whether it is one of the open internet, in whatever way it is written."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # `fe80::1%eth0` is read, `0177.0.0.1` is not
        return False
    if "%" in address:  # a zone is one of this machine's own nets
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    if any(ip in network for network in _CLOUDS_OWN):
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return True
    return ip in _V6_UNICAST and not any(ip in network for network in _CARRYING_V4)


def _looked_up(host: str, port: int, resolver: Resolver, seconds: float) -> list[str]:
    """In a thread of its own: a name server that is silent would hold us for half a minute."""
    found: list[str] = []
    failed: list[Exception] = []

    def look() -> None:
        try:
            found.extend(resolver(host, port))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive() or not found:
        raise NotReached(host, "has no address") from next(iter(failed), None)
    return list(found)
