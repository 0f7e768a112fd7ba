"""Slack's mrkdwn: https://docs.slack.dev/messaging/formatting-message-text.

Slack has three escapes and none for its marks: a character of no width behind a mark makes it a
sign. Its escapes are put where a message leaves (`render`), behind names that are put in late.
"""

from __future__ import annotations

import re
from datetime import datetime

from waddlebot.platforms.dress import Dress, outside_addresses
from waddlebot_sdk.shown import Shown

_NO_WIDTH = "\N{ZERO WIDTH SPACE}"
_MARKS = re.compile(r"(?<![A-Za-z0-9])[*_~`](?=\S)|^>(?=\s|>)", re.MULTILINE)
_PATTERNS = {
    Shown.MOMENT: "{date_short_pretty} {time}",
    Shown.DAY: "{date_short}",
    Shown.DISTANCE: "{ago}",
}


def _plain(text: str) -> str:
    return outside_addresses(_marked(text), lambda part: _MARKS.sub(rf"\g<0>{_NO_WIDTH}", part))


def _marked(text: str) -> str:
    """All that is escaped anyway; what looks like our own mark is made none."""
    return text.replace("<!", f"<{_NO_WIDTH}!")


def _time(at: datetime, shown: Shown, said: str) -> str:
    return f"<!date^{int(at.timestamp())}^{_PATTERNS[shown]}|{said}>"


DRESS = Dress(plain=_plain, marked=_marked, time=_time)
