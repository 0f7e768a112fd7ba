"""Under which address people sign in here: the configured one, or this machine's own names.

Platforms send a browser back to it with a code that is worth somebody's account, so no request has
a say in it: whoever asks writes `Host` and `X-Forwarded-…` as they like.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from waddlebot.domain.errors import Rejected
from waddlebot.runtime.needs import PUBLIC_URL

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FORWARDED = ("x-forwarded-host", "forwarded")
_NOT_HERE = (
    "Signing in works under localhost on the machine of WaddleBot itself, or under the address "
    f"that whoever runs it set as {PUBLIC_URL}; this is neither."
)


@dataclass(frozen=True, slots=True)
class OwnAddress:
    """`base` has no slash at its end."""

    base: str

    @property
    def is_loopback(self) -> bool:
        parts = urlsplit(self.base)
        return parts.scheme == "http" and parts.hostname in LOOPBACK


def own_address(headers: Mapping[str, str], public_url: str) -> OwnAddress:
    """The operator's address; for who sits at this machine the name that they typed.

    Raises Rejected: 421, it was asked for under another name.
    """
    typed = _split(f"http://{headers.get('host', '').lower()}")
    if typed and typed.hostname in LOOPBACK and not _is_forwarded(headers):
        return OwnAddress(f"http://{typed.netloc}")
    public = _split(public_url.strip().rstrip("/"))
    if public is None:
        raise Rejected(421, "NOT_HERE", _NOT_HERE)
    return OwnAddress(public.geturl())


def _is_forwarded(headers: Mapping[str, str]) -> bool:
    """Through a proxy or a tunnel: the front itself names one caller, and speaks plain http."""
    return (
        any(name in headers for name in _FORWARDED)
        or "," in headers.get("x-forwarded-for", "")
        or headers.get("x-forwarded-proto", "http") != "http"
    )


def _split(address: str) -> SplitResult | None:
    """None for what is no web address, or carries more than a name, a port and a path."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts if parts.scheme in ("http", "https") and parts.hostname and is_plain else None
