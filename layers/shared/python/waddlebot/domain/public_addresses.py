"""Every address that leaves the house begins with the one that its operator set.

What a request says of itself (`Host`, `X-Forwarded-…`) never makes one: callers write it as they
like, and an address may lead to somebody's account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from urllib.parse import SplitResult

VARIABLE = "WADDLEBOT_PUBLIC_URL"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """`base` is scheme, name and port, as `https://bot.example.org`; empty where none is set."""

    base: str

    def at(self, path: str) -> str:
        """The address of a path that begins with `/`; the path alone where none is set."""
        return f"{self.base}{path}"

    @property
    def is_set(self) -> bool:
        return bool(self.base)

    @property
    def is_encrypted(self) -> bool:
        """Else it is this machine's own: nobody elsewhere gets here by it, no platform either."""
        return self.base.startswith("https:")


NOWHERE = PublicAddress("")


def public_address(public_url: str) -> PublicAddress:
    """What WADDLEBOT_PUBLIC_URL says. What would be refused at the start counts as not set."""
    parts = _split(public_url)
    if parts is None or _wrong(parts):
        return NOWHERE
    return PublicAddress(f"{parts.scheme}://{parts.netloc.lower()}")


def public_address_in(variables: Mapping[str, str]) -> PublicAddress:
    return public_address(variables.get(VARIABLE, ""))


def wrong_public_url(public_url: str) -> str:
    """A sentence to whoever set it; empty where it is well or not set."""
    if not public_url.strip():
        return ""
    parts = _split(public_url)
    wrong = "is no web address" if parts is None else _wrong(parts)
    # No secret: but somebody may have pasted one, as user:password@ or behind a question mark.
    shown = public_url.strip().partition("?")[0].rpartition("@")[2][:100]
    said = f"{VARIABLE}, {shown!r}, {wrong}: write it as https://bot.example.org."
    return said if wrong else ""


def _split(address: str) -> SplitResult | None:
    # 2 ms, and a webhook's door wants the name of the variable alone.
    from urllib.parse import urlsplit

    text = address.strip()
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    is_plain = text.isascii() and text.isprintable() and not set(text) & set(" <>\"'\\")
    return parts if parts.scheme in ("http", "https") and parts.hostname and is_plain else None


def _wrong(parts: SplitResult) -> str:
    if parts.username or parts.password or parts.query or parts.fragment:
        return "carries more than a name and a port"
    if parts.path.strip("/"):
        return "has a path, and pages here lead to each other by their own: it needs a name alone"
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        return "is not encrypted, and what signs people in travels by it"
    return ""


def _is_loopback(host: str) -> bool:
    """RFC 6761, 6.3: all names under `localhost` are this machine's own."""
    return host in _LOOPBACK or host.endswith(".localhost")
