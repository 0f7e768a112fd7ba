from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime

from waddlebot.platforms.fields import moment
from waddlebot.platforms.freshness import header, require_fresh, wrong_signature

FRESH_SECONDS = 600


def verify(headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime) -> None:
    """HMAC-SHA256 over message id, timestamp and raw body (EventSub).

    Raises Rejected (403). Header names are lower case.
    """
    signature = header(headers, "twitch-eventsub-message-signature", status=403)
    message_id = header(headers, "twitch-eventsub-message-id", status=403)
    timestamp = header(headers, "twitch-eventsub-message-timestamp", status=403)
    require_fresh(moment(timestamp), now, seconds=FRESH_SECONDS, status=403)
    signed = message_id.encode() + timestamp.encode() + body
    expected = "sha256=" + hmac.new(secret.encode(), signed, "sha256").hexdigest()
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise wrong_signature(403)
