"""So that nobody meets an empty page: what Olga says on the very first start, through the door."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request

from local.progress import complain

WORDS = {
    "twitch": ("Hi chat!", "!addquote Small steps, wet feet, big heart. — Olga"),
    "slack": ("Good morning, everybody!",),
    "discord": ("Hello, Pond!",),
}
"""By platform, in order. The first line of a place is answered with the bot's hello."""
GATEWAY_SECONDS = 5.0


async def first_words(url: str) -> None:
    """Says them at once; a platform that does not take its line is named and left."""
    await asyncio.gather(*(asyncio.to_thread(_say_all, url, on) for on in WORDS))


def _say_all(url: str, on: str) -> None:
    for text in WORDS[on]:
        _say(url, on, text)


def _say(url: str, on: str, text: str) -> None:
    """The gateway of a young start may not be connected yet, so a line is tried for a while."""
    end = time.monotonic() + GATEWAY_SECONDS
    while not _accepted(url, on, text):
        if time.monotonic() > end:
            complain(f"The first line on {on} was not taken; see make logs.")
            return
        time.sleep(0.2)


def _accepted(url: str, on: str, text: str) -> bool:
    request = urllib.request.Request(  # noqa: S310 - our own address
        f"{url}/stand-ins/says",
        data=json.dumps({"as": "olga", "on": on, "text": text}).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return bool(json.load(answer)["accepted"])
    except OSError:
        return False
