"""A peer at work, in an interpreter of the peers' own: `python peer_process.py red|twitchio`.

A line of JSON in is a batch, `{"setup": …}` or `{"texts": […]}`; a line out is what CPU it took,
`{"seconds": …}`. Nothing of ours is imported here.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any

Work = Callable[[Sequence[str]], Awaitable[None]]


async def red(words: Sequence[str]) -> Work:
    """Red's own `filter_hits`, given its list of words; its pattern is compiled once, as there."""
    cog = importlib.import_module("redbot.cogs.filter.filter").Filter
    filtering = cog.__new__(cog)
    filtering.pattern_cache = {}
    filtering.config = SimpleNamespace(guild=_kept(words), channel=_kept(()))
    place = SimpleNamespace(id=2, guild=SimpleNamespace(id=1))
    await filtering.filter_hits(place, "the pattern is compiled with the first line")

    async def work(texts: Sequence[str]) -> None:
        for text in texts:
            await filtering.filter_hits(place, text)

    return work


def _kept(words: Sequence[str]) -> Callable[[object], Any]:
    async def listed() -> list[str]:
        return list(words)

    return lambda _place: SimpleNamespace(filter=listed)


async def twitchio(commands: Sequence[str]) -> Work:
    """From `dispatch` of a chat message to the end of its command; sending would follow it."""
    library = importlib.import_module("twitchio")
    extension = importlib.import_module("twitchio.ext.commands")
    bot = extension.Bot(
        client_id="1", client_secret="", bot_id="1", prefix="!", fetch_client_user=False
    )
    done = 0

    async def answer(_context: Any, *, _words: str = "") -> None:
        nonlocal done
        done += 1

    for name in commands:
        bot.add_command(extension.Command(answer, name=name))

    async def work(texts: Sequence[str]) -> None:
        nonlocal done
        done = 0
        for text in texts:
            bot.dispatch("message", library.ChatMessage(_said(text), http=bot._http))  # noqa: SLF001 - as its own socket does
        others = asyncio.all_tasks() - {asyncio.current_task()}
        while others:
            await asyncio.wait(others)
            others = asyncio.all_tasks() - {asyncio.current_task()}
        if done != len(texts):
            raise RuntimeError(f"of {len(texts)} commands {done} were called")

    return work


def _said(text: str) -> dict[str, Any]:
    """A `channel.chat.message`, as EventSub tells of one."""
    return {
        "broadcaster_user_id": "910",
        "broadcaster_user_login": "place",
        "broadcaster_user_name": "Place",
        "chatter_user_id": "2",
        "chatter_user_login": "ana",
        "chatter_user_name": "Ana",
        "message_id": "m1",
        "message": {"text": text, "fragments": [{"type": "text", "text": text}]},
        "color": "",
        "badges": [],
        "message_type": "text",
        "cheer": None,
        "reply": None,
        "channel_points_custom_reward_id": None,
        "channel_points_animation_id": None,
        "source_broadcaster_user_id": None,
        "source_broadcaster_user_login": None,
        "source_broadcaster_user_name": None,
        "source_message_id": None,
        "source_badges": None,
        "is_source_only": None,
    }


PEERS: dict[str, Callable[[Sequence[str]], Awaitable[Work]]] = {"red": red, "twitchio": twitchio}


async def main(peer: str) -> None:
    work = await PEERS[peer](json.loads(sys.stdin.readline()))
    print(json.dumps({"seconds": 0.0}), flush=True)
    while line := sys.stdin.readline():
        texts = json.loads(line)
        began = time.thread_time()
        await work(texts)
        print(json.dumps({"seconds": time.thread_time() - began}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
