"""What somebody types, where interactions come over the gateway: offered by the callback."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from gateway_bot.connections.completing import Complete
from gateway_bot.connections.discord_commands import Registry, register
from tests.helpers.discord_socket import connected
from tests.helpers.stand_ins import TOKEN, Front, a_channel, served
from tests.helpers.taken_events import Stream
from waddlebot.domain.completions import Completing
from waddlebot.domain.errors import Unavailable
from waddlebot.platforms.discord.registering import Offered, slash_commands
from waddlebot_sdk.completions import Choice

THEME = Offered(
    module="looks",
    path="overlay theme",
    usage="overlay theme <theme>",
    summary="Choose.",
    completes=frozenset({"theme"}),
)


async def typed(front: Front, channel: str, text: str) -> dict[str, Any]:
    """What the client shows."""
    place = {"as": "ana", "on": "discord", "channel": channel}
    told = {**place, "type": "autocomplete", "command": "overlay theme", "option": "theme"}
    status, said = (
        await asyncio.to_thread(front.call, "POST", "/happens", {**told, "typed": text})
    )[:2]
    assert (status, said["accepted"]) == (200, True), said
    [shown] = await asyncio.to_thread(front.replies, channel)
    return dict(shown)


def shown_for(text: str, complete: Complete) -> dict[str, Any]:
    async def scenario(front: Front) -> dict[str, Any]:
        stream, channel = Stream(), a_channel()
        url = front.environment["DISCORD_API_URL"]
        application = front.environment["DISCORD_APPLICATION_ID"]
        await register(
            Registry(token=TOKEN, application=application, api_url=url), slash_commands([THEME])
        )
        async with connected(front, stream, complete=complete):
            shown = await typed(front, channel, text)
            await asyncio.to_thread(front.says, "ana", "discord", "hello", channel=channel)
            assert [event.text for event in await stream.next()] == ["hello"]  # and nothing else
            return shown

    with served(DISCORD_INTERACTIONS="gateway") as front:
        return asyncio.run(scenario(front))


def test_what_is_offered_goes_back_by_the_callback() -> None:
    asked: list[Completing] = []

    async def complete(one: Completing) -> Sequence[Choice]:
        asked.append(one)
        return [Choice("neon", "neon @everyone"), Choice("night", "x" * 100)]

    shown = shown_for("ne", complete)

    assert [one["value"] for one in shown["dress"]["choices"]] == ["neon", "night"]
    assert "@everyone" not in shown["text"]
    [one] = asked
    assert (one.path, one.argument, one.typed) == ("overlay theme", "theme", "ne")


@pytest.mark.parametrize("why", ["is late", "died"])
def test_where_the_router_does_not_know_the_list_is_empty(why: str) -> None:
    async def complete(_asked: Completing) -> Sequence[Choice]:
        raise Unavailable("the router", why)

    shown = shown_for("ne", complete)

    assert (shown["kind"], shown["text"]) == ("choices", "")
