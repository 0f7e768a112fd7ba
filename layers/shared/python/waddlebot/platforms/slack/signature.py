from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from waddlebot.platforms.fields import moment_of_epoch
from waddlebot.platforms.freshness import header, require_fresh, wrong_signature

FRESH_SECONDS = 300


def verify(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> None:
    """HMAC-SHA256 over `v0:<timestamp>:<raw body>` with the app's signing secret.

    Raises Rejected (401). Header names are lower case.
    """
    signature = header(headers, "x-slack-signature", status=401)
    timestamp = header(headers, "x-slack-request-timestamp", status=401)
    require_fresh(moment_of_epoch(timestamp), now, seconds=FRESH_SECONDS, status=401)
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise wrong_signature(401)
