"""Under which address people sign in here: the configured one, or this machine's own names.

Platforms send a browser back to it with a code that is worth somebody's account, so no request has
a say in it: whoever asks writes `Host` and `X-Forwarded-…` as they like.
"""

from __future__ import annotations

from collections.abc import Mapping

from waddlebot.domain.errors import Rejected
from waddlebot.domain.public_addresses import VARIABLE, PublicAddress, public_address

_FORWARDED = ("x-forwarded-host", "forwarded")
_NOT_HERE = (
    "Signing in works under localhost on the machine of WaddleBot itself, or under the address "
    f"that whoever runs it set as {VARIABLE}; this is neither."
)


def own_address(headers: Mapping[str, str], public: PublicAddress) -> PublicAddress:
    """The operator's address; for who sits at this machine the name that they typed.

    Raises Rejected: 421, it was asked for under another name.
    """
    typed = public_address(f"http://{headers.get('host', '')}")  # a loopback's, or none
    if typed.is_set and not _is_forwarded(headers):
        return typed
    if not public.is_encrypted:
        raise Rejected(421, "NOT_HERE", _NOT_HERE)
    return public


def _is_forwarded(headers: Mapping[str, str]) -> bool:
    """Through a proxy or a tunnel: the front itself names one caller, and speaks plain http."""
    return (
        any(name in headers for name in _FORWARDED)
        or "," in headers.get("x-forwarded-for", "")
        or headers.get("x-forwarded-proto", "http") != "http"
    )
