"""The subscriptions of channels that a gateway carries, at a stand-in that verifies and revokes."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from gateway_bot.connections.twitch_channels import HeldChannels
from gateway_bot.connections.twitch_helix import A_CHANNEL, Helix, subscriptions_of
from gateway_bot.connections.twitch_webhooks import WebhookSettings, keep_subscribed
from tests.helpers.stand_ins import TOKEN, Front, a_channel, front

__all__ = ["front"]  # a fixture

BOT, SECRET = "1000", "a secret of Twitch"


@dataclass(slots=True)
class Carried:
    front: Front
    held: HeldChannels
    task: asyncio.Task[None]
    told: dict[str, str]

    async def subscriptions(self, channel: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        after = "0"
        while after:
            path = f"/eventsub/subscriptions?after={after}"
            _, page, _ = await asyncio.to_thread(self.front.helix, "GET", path)
            found += page["data"]
            after = page["pagination"].get("cursor", "")
        return [one for one in found if one["condition"]["broadcaster_user_id"] == channel]

    async def statuses(self, channel: str) -> Counter[str]:
        return Counter(one["status"] for one in await self.subscriptions(channel))

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():  # noqa: ASYNC110 - it may change at many places
                await asyncio.sleep(0.02)

    async def all_enabled(self, channel: str) -> None:
        async with asyncio.timeout(10):
            while await self.statuses(channel) != {"enabled": A_CHANNEL}:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@asynccontextmanager
async def carrying(
    front: Front, *channels: str, token: str = TOKEN, check_seconds: float = 0.2
) -> AsyncIterator[Carried]:
    def helix(session: aiohttp.ClientSession) -> Helix:
        return Helix(
            session=session,
            token=token,
            token_name="TWITCH_APP_TOKEN",
            client_id="client",
            api_url=front.environment["TWITCH_API_URL"],
        )

    settings = WebhookSettings(
        helix=helix,
        bot_user_id=BOT,
        callback=f"{front.url}/webhooks/twitch",
        secret=SECRET,
        check_seconds=check_seconds,
    )
    told: dict[str, str] = {}

    async def tell(channel: str, words: str) -> None:
        told[channel] = words

    held = HeldChannels()
    keeping = [asyncio.create_task(held.keep(channel)) for channel in channels]
    task = asyncio.create_task(keep_subscribed(settings, held, tell))
    try:
        yield Carried(front, held, task, told)
    finally:
        for one in (task, *keeping):
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one


def test_a_channel_has_each_subscription_once_and_they_are_left_alone(front: Front) -> None:
    async def go() -> None:
        channels = [a_channel() for _ in range(15)]  # more than a page of subscriptions
        async with carrying(front, *channels) as carried:
            for channel in channels:
                await carried.all_enabled(channel)
            before = [one["id"] for one in await carried.subscriptions(channels[-1])]
            await asyncio.sleep(0.6)  # some checks later
            assert [one["id"] for one in await carried.subscriptions(channels[-1])] == before
            assert set(carried.told.values()) == {""}
            # The bot's address can tell the signature.
            assert all(hook.platform == "twitch" for hook in front.bot.hooks)

    asyncio.run(go())


def test_what_is_gone_or_failed_is_made_again(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    async def go() -> None:
        channel = a_channel()
        front.bot.statuses = [500] * 3  # its answer to three of the challenges
        async with carrying(front, channel) as carried:
            await carried.all_enabled(channel)
            gone = (await carried.subscriptions(channel))[0]["id"]
            path = f"/eventsub/subscriptions?id={gone}"
            assert (await asyncio.to_thread(front.helix, "DELETE", path))[0] == 204
            await asyncio.sleep(0.3)
            await carried.all_enabled(channel)

    with caplog.at_level(logging.WARNING, "gateway_bot"):
        asyncio.run(go())
    repaired = [one for one in caplog.records if "was repaired" in one.message]
    assert {one.was for one in repaired} == {  # type: ignore[attr-defined]
        "webhook_callback_verification_failed"
    }


def test_what_a_streamer_took_back_is_asked_for_again(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    async def go() -> None:
        channel = a_channel()
        async with carrying(front, channel) as carried:
            await carried.all_enabled(channel)
            revoked = {"as": "olga", "on": "twitch", "type": "authorization_revoked"}
            asked = {**revoked, "channel": channel}
            await asyncio.to_thread(front.call, "POST", "/happens", asked)
            await asyncio.sleep(0.3)
            await carried.all_enabled(channel)

    with caplog.at_level(logging.WARNING, "gateway_bot"):
        asyncio.run(go())
    repaired = [one for one in caplog.records if "was repaired" in one.message]
    assert {one.was for one in repaired} == {"authorization_revoked"}  # type: ignore[attr-defined]


def test_subscriptions_to_another_address_are_another_installations(front: Front) -> None:
    async def go() -> None:
        channel = a_channel()
        [theirs, *_] = subscriptions_of(channel, BOT)
        callback = f"{front.url}/webhooks/elsewhere"
        transport = {"method": "webhook", "callback": callback, "secret": SECRET}
        _, made, _ = await asyncio.to_thread(
            front.helix, "POST", "/eventsub/subscriptions", {**theirs, "transport": transport}
        )
        async with carrying(front, channel) as carried:
            await carried.until(lambda: channel in carried.told)
            ids = [one["id"] for one in await carried.subscriptions(channel)]
            assert made["data"][0]["id"] in ids

    asyncio.run(go())


def test_a_channel_that_is_not_carried_any_more_is_left_to_who_carries_it(front: Front) -> None:
    async def go() -> None:
        channel = a_channel()
        async with carrying(front, channel) as carried:
            await carried.all_enabled(channel)
        async with carrying(front, a_channel()) as others:
            await asyncio.sleep(0.5)
            assert await others.statuses(channel) == {"enabled": A_CHANNEL}

    asyncio.run(go())


def test_a_name_that_nobody_has_is_told(front: Front) -> None:
    async def go() -> None:
        async with carrying(front, "nobodyatall") as carried:
            await carried.until(lambda: "nobodyatall" in carried.told)
            assert "see TWITCH_CHANNELS" in carried.told["nobodyatall"]

    asyncio.run(go())


def test_while_twitch_is_away_it_is_tried_again(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    async def go() -> None:
        channel = a_channel()
        await asyncio.to_thread(front.breaks, "twitch", "5xx")
        async with carrying(front, channel) as carried:
            await asyncio.sleep(0.2)
            carried.held.changed.set()  # as claims do; else in ten seconds
            await carried.all_enabled(channel)

    with caplog.at_level(logging.WARNING, "gateway_bot"):
        asyncio.run(go())
    assert "subscriptions are not checked" in caplog.text


def test_a_refused_token_is_told_of_every_channel(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    async def go() -> None:
        channel = a_channel()
        async with carrying(front, channel, token="old") as carried:
            await carried.until(lambda: channel in carried.told)
            assert "Twitch refuses TWITCH_APP_TOKEN" in carried.told[channel]
            assert not carried.task.done()

    with caplog.at_level(logging.ERROR, "gateway_bot"):
        asyncio.run(go())
    assert "TWITCH_APP_TOKEN must be a current token" in caplog.text


def test_a_channel_where_the_bot_was_sent_away_keeps_no_subscription(front: Front) -> None:
    async def go() -> None:
        stays, left = a_channel(), a_channel()
        async with carrying(front, stays, left) as carried:
            for channel in (stays, left):
                await carried.all_enabled(channel)
        async with carrying(front, stays) as carried:  # another process than subscribed to it
            assert await carried.statuses(left) == {"enabled": A_CHANNEL}
            carried.held.leave({left})
            async with asyncio.timeout(10):
                while await carried.subscriptions(left):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await carried.all_enabled(stays)

    asyncio.run(go())
