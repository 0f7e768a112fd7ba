"""What a page that asks is told of the community's chat.

    {"chat": {"entries": [{"c": 17, "at": …, "platform": "twitch", …}, {"c": 18, "gone": [17]}]}}

The same entries come in frames of the socket (functions/router/chat_box.py). `chat` is null where
none is shown, and left out while nobody knows: then a page keeps what it has.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Unavailable
from waddlebot.stores.chat_lines import ChatLines

log = logging.getLogger(__name__)


def chat_told(
    lines: Callable[[], ChatLines], community: CommunityId, *, since: datetime | None, after: int
) -> dict[str, Any]:
    if since is None:
        return {"chat": None}
    try:
        news = lines().read(community, after=after)
    except Unavailable as error:
        log.warning("chat is not known", extra={"error": str(error)})
        return {}
    entries = [one for one in news.entries if one.gone or one.at >= since.timestamp()]
    return {"chat": {"entries": [one.told() for one in entries]}}
