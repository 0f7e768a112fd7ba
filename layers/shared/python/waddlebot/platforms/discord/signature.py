from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from waddlebot.platforms.fields import moment_of_epoch
from waddlebot.platforms.freshness import header, require_fresh, wrong_signature

FRESH_SECONDS = 300
"""Our own choice: Discord documents no window, but signs the time."""


def verify(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> None:
    """Ed25519 over timestamp and raw body; `secret` is the application's public key in hex.

    Discord sends wrong signatures on purpose and removes an endpoint that accepts one.
    Raises Rejected (401). Header names are lower case.
    """
    from nacl.exceptions import BadSignatureError  # 11 ms, at the first use only
    from nacl.signing import VerifyKey

    signature = header(headers, "x-signature-ed25519", status=401)
    timestamp = header(headers, "x-signature-timestamp", status=401)
    require_fresh(moment_of_epoch(timestamp), now, seconds=FRESH_SECONDS, status=401)
    key = VerifyKey(bytes.fromhex(secret))
    try:
        key.verify(timestamp.encode() + body, bytes.fromhex(signature))
    except (BadSignatureError, ValueError) as error:
        raise wrong_signature(401) from error
