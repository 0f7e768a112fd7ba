"""What Olga says on the first start, at a bot that is not warm yet."""

from __future__ import annotations

import asyncio
import contextlib
import json
import urllib.request
from collections import Counter
from typing import Any

from local.first_words import WORDS, first_words
from tests.helpers.stand_ins import Front, served


def lines_of(front: Front) -> Counter[tuple[str, str]]:
    """What people at the stand-ins see as said, by platform and text."""
    found: Counter[tuple[str, str]] = Counter()
    feed = urllib.request.urlopen(f"{front.url}/stand-ins/feed?after=0", timeout=2)  # noqa: S310
    with feed, contextlib.suppress(TimeoutError):  # it has no end
        while raw := feed.readline():
            item: dict[str, Any] = json.loads(raw[6:]) if raw.startswith(b"data: ") else {}
            if item.get("kind") == "line":
                found[item["platform"], item["text"]] += 1
    return found


def test_a_bot_that_takes_nothing_for_a_while_hears_each_line_once() -> None:
    with served() as front:
        front.bot.statuses = [503] * 14  # more than a platform repeats by itself
        asyncio.run(first_words(front.url, closed=("discord",)))
        expected = {(on, text): 1 for on in ("twitch", "slack") for text in WORDS[on]}
        assert lines_of(front) == expected
        assert front.bot.statuses == []


def test_on_a_platform_that_is_real_nobody_speaks() -> None:
    with served() as front:
        asyncio.run(first_words(front.url, closed=("discord", "slack", "twitch")))
        assert not front.bot.hooks
