"""So that nobody meets an empty page: what Olga says on the very first start, through the door."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Collection, Mapping
from typing import Any

from local.progress import complain

WORDS = {
    "twitch": ("Hi chat!", "!addquote Small steps, wet feet, big heart. — Olga"),
    "slack": ("Good morning, everybody!",),
    "discord": ("Hello, Pond!",),
}
"""By platform, in order. The first line of a place is answered with the bot's hello."""
WARM_SECONDS = 60.0
"""A loaded machine takes its time: so long for the bot's connection, and for each line."""
LOOK_SECONDS = 0.2
ANSWER_SECONDS = 60.0


async def first_words(url: str, closed: Collection[str] = ()) -> None:
    """Once the house is warm, each line once; on platforms of `closed` nobody speaks.

    A line that was not taken is delivered again, as platforms do, and never said anew. One that is
    not taken at all is named and left, with what would have followed it.
    """
    spoken = [on for on in WORDS if on not in closed]
    await asyncio.gather(*(asyncio.to_thread(_say_all, url, on) for on in spoken))


def _say_all(url: str, on: str) -> None:
    end = time.monotonic() + WARM_SECONDS
    while on == "discord" and not _is_connected(url) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
    for text in WORDS[on]:
        if not _say(url, on, text):
            complain(f"The first line on {on} was not taken; see make logs.")
            return


def _say(url: str, on: str, text: str) -> bool:
    end = time.monotonic() + WARM_SECONDS
    landed = _call(url, "/says", {"as": "olga", "on": on, "text": text})
    while landed and not landed["accepted"] and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
        again = {"on": on, "what": "repeat", "event_id": landed["event_id"]}
        landed = _call(url, "/break", again)
    return bool(landed and landed["accepted"])


def _is_connected(url: str) -> bool:
    """Discord's lines go over a connection that the bot opens, and webhooks to nobody else."""
    return bool((_call(url, "/gateway") or {}).get("connected"))


def _call(url: str, path: str, body: Mapping[str, str] | None = None) -> dict[str, Any] | None:
    """None where there is no answer."""
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/stand-ins{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:  # noqa: S310
            told: dict[str, Any] = json.load(answer)
            return told
    except (OSError, ValueError):
        return None
