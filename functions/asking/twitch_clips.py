"""Clips of a channel, as Helix tells them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from waddlebot.domain.custom_facts import ClipFacts
from waddlebot.platforms.fields import dig, objects_at, text_at

MOST_CLIPS, CLIPS_OF = 20, timedelta(days=7)
MOST_TITLE = 200
_PAGES = ("https://clips.twitch.tv/", "https://www.twitch.tv/", "https://twitch.tv/")


def clips_of(channel: str, *, now: datetime) -> Mapping[str, str]:
    """What is asked: those of the last days."""
    since = now - CLIPS_OF
    return {
        "broadcaster_id": channel,
        "first": str(MOST_CLIPS),
        "started_at": f"{since:%Y-%m-%dT%H:%M:%SZ}",
    }


def clips_in(told: object) -> list[ClipFacts]:
    """The most seen first; what has no page of Twitch is left out."""
    found = (
        ClipFacts(
            url=text_at(one, "url"),
            title=text_at(one, "title")[:MOST_TITLE],
            seconds=_seconds(dig(one, "duration")),
        )
        for one in objects_at(told, "data")
    )
    fit = [one for one in found if one.url.startswith(_PAGES) and len(one.url) <= MOST_TITLE]
    return fit[:MOST_CLIPS]


def _seconds(told: object) -> float:
    """A clip has 5 to 60."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        return 30.0
    return min(max(float(told), 1.0), 60.0)
