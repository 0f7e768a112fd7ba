"""Addresses that a page loads a picture from."""

from __future__ import annotations

from urllib.parse import urlsplit

_HOMES = "local localhost localdomain internal intranet private corp lan home arpa"
_OF_HOMES = frozenset(_HOMES.split())
"""Names of networks of their own: RFC 6762 appendix G, RFC 8375, ICANN's `.internal`."""


def is_public(address: str) -> bool:
    """Whether it is `https` at a name of the internet, without a password or a port of its own.

    Not looked up: the browser that loads it stands at somebody's home, where names of their own
    network end in nothing, `.local` or a number.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    labels = host.rstrip(".").split(".")
    # Browsers fold letters of other widths: `.\uff4cocal` is `.local` to them.
    is_name = len(labels) > 1 and labels[-1].isascii() and labels[-1].isalpha()
    is_ours = labels[-1] in _OF_HOMES
    plain = "@" not in parts.netloc and port in {None, 443} and not set(address) & set('\\ \t\n\r"')
    return parts.scheme == "https" and is_name and not is_ours and plain
