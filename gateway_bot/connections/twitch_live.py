"""Which channels of Twitch are on air, how many watch and what is played: what is busy is claimed
first, and commands answer by it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp

from gateway_bot.connections.staying import REFUSED_SECONDS, Broken, Refused, least_pause
from gateway_bot.connections.twitch_helix import CALL_SECONDS, MOST_ASKED, Helix
from waddlebot.domain.custom_whens import MOST_GAME_CHARACTERS
from waddlebot.platforms.fields import id_at, objects_at, text_at
from waddlebot.stores.claims import Live

ASK_SECONDS = 60.0

log = logging.getLogger(__name__)


async def watch_live(
    build: Callable[[aiohttp.ClientSession], Helix],
    channels: Callable[[], Sequence[str]],
    set_live: Callable[[Sequence[Live]], Awaitable[None]],
    *,
    ask_seconds: float = ASK_SECONDS,
) -> None:
    """Asks once a minute, a hundred channels a request, until it is cancelled.

    Raises Unavailable: what was found cannot be kept now. Where Twitch refuses the token it is
    asked less often.
    """
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        helix = build(session)
        while True:
            pause = ask_seconds
            try:
                await set_live(await _ask(helix, channels()))
            except Refused as refused:
                log.error("twitch refused the bot: %s", refused)  # noqa: TRY400 - no bug
                pause = max(ask_seconds, REFUSED_SECONDS)
            except (Broken, aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("not known what is on air", extra={"why": repr(error)})
                pause = max(ask_seconds, least_pause(error))
            await asyncio.sleep(pause)


async def _ask(helix: Helix, channels: Sequence[str]) -> list[Live]:
    names = {user: name for name, user in (await helix.user_ids(channels)).items()}
    live: list[Live] = []
    users = list(names)
    for start in range(0, len(users), MOST_ASKED):
        asked = [("user_id", one) for one in users[start : start + MOST_ASKED]]
        status, answer = await helix.call(
            "GET", "/streams", params=[*asked, ("first", str(MOST_ASKED))]
        )
        if status >= 400:
            raise Broken(f"streams were not told: {status} {text_at(answer, 'message')}")
        live += [
            _live(names[user], stream)
            for stream in objects_at(answer, "data")
            if (user := id_at(stream, "user_id")) in names
        ]
    return live


def _live(channel: str, stream: Mapping[str, Any]) -> Live:
    viewers = stream.get("viewer_count")
    return Live(
        channel=channel,
        viewers=viewers if isinstance(viewers, int) else 0,
        game=text_at(stream, "game_name")[:MOST_GAME_CHARACTERS],
    )
