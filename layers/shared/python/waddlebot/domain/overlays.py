"""What a browser source shows of a community, and how long an address outlives another."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class OverlaySource(StrEnum):
    """As it stands at the end of its address."""

    TICKER = "ticker"
    MEDIA = "media"
    GENERAL = "general"


GRACE = timedelta(minutes=5)
"""How long the address before still works: whoever pastes the new one into OBS is on air."""

IN_OBS = "In OBS: Sources → + → Browser, paste it as URL, 1920 \N{MULTIPLICATION SIGN} 1080."
