from __future__ import annotations

import asyncio
import time

import pytest
import redis

from gateway_bot.paces import Pace, Pacer, SharedPace, paces_of
from waddlebot.platforms.delivering import HttpAnswer, HttpCall


def a_call(bucket: str = "twitch:1001") -> HttpCall:
    return HttpCall(method="POST", url="http://127.0.0.1", headers={}, bucket=bucket)


def seconds_of(pacer: Pacer, *calls: HttpCall, is_chat: bool = True) -> float:
    async def go() -> float:
        began = time.monotonic()
        for call in calls:
            await pacer.turn("here", call, is_chat=is_chat)
        return time.monotonic() - began

    return asyncio.run(go())


def test_what_fits_the_window_leaves_at_once_and_the_next_waits() -> None:
    pacer = Pacer({"here": Pace(chat=(3, 0.2))})

    assert seconds_of(pacer, *[a_call()] * 3) < 0.1
    assert 0.1 < seconds_of(pacer, a_call()) < 0.4


def test_channels_have_windows_of_their_own_beside_the_accounts() -> None:
    pacer = Pacer({"here": Pace(chat=(10, 1), chat_in_channel=(1, 0.2))})

    assert seconds_of(pacer, a_call("a"), a_call("b"), a_call("c")) < 0.1
    assert seconds_of(pacer, a_call("a")) > 0.1


def test_two_gateways_share_what_an_account_may_do(
    limits: redis.Redis, nowhere: redis.Redis
) -> None:
    pace = {"here": Pace(chat=(3, 0.5))}
    here, there = (Pacer(pace, SharedPace(limits)) for _ in range(2))

    assert seconds_of(here, *[a_call()] * 2) < 0.3
    assert seconds_of(there, a_call()) < 0.3
    assert seconds_of(there, a_call()) > 0.1
    alone = Pacer(pace, SharedPace(nowhere))
    assert seconds_of(alone, *[a_call()] * 3) < 0.3


def test_moderation_does_not_spend_what_chat_may_spend() -> None:
    pacer = Pacer({"here": Pace(chat=(1, 5))})
    seconds_of(pacer, a_call())

    assert seconds_of(pacer, *[a_call()] * 5, is_chat=False) < 0.1


@pytest.mark.parametrize("is_shared", [False, True])
def test_of_what_all_calls_may_spend_moderation_has_the_first(
    limits: redis.Redis,
    is_shared: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    pacer = Pacer({"here": Pace(calls=(1, 0.5))}, SharedPace(limits) if is_shared else None)
    order: list[str] = []

    async def take(name: str, *, is_first: bool) -> None:
        await pacer.turn("here", a_call(name), is_chat=not is_first, is_first=is_first)
        order.append(name)

    async def go() -> None:
        async with asyncio.TaskGroup() as calls:
            for number in range(4):
                calls.create_task(take(f"line {number}", is_first=False))
            await asyncio.sleep(0.1)
            calls.create_task(take("undo", is_first=True))

    asyncio.run(go())
    assert order[1] == "undo", order


def test_a_bucket_that_the_platform_calls_empty_stays_closed_until_it_is_filled() -> None:
    pacer = Pacer({})

    async def go() -> tuple[float, float]:
        headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "0.2"}
        pacer.learn(a_call("full"), HttpAnswer(status=200, headers=headers))
        began = time.monotonic()
        await pacer.turn("here", a_call("other"), is_chat=True)
        other = time.monotonic() - began
        await pacer.turn("here", a_call("full"), is_chat=True)
        return other, time.monotonic() - began

    other, full = asyncio.run(go())
    assert other < 0.1 < full


@pytest.mark.parametrize("reset", ["", "soon", "-1", "9" * 400])
def test_a_header_that_makes_no_sense_changes_nothing(reset: str) -> None:
    pacer = Pacer({})
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset-after": reset}

    async def go() -> None:
        pacer.learn(a_call(), HttpAnswer(status=200, headers=headers))
        await asyncio.wait_for(pacer.turn("here", a_call(), is_chat=True), 0.2)

    asyncio.run(go())


def test_twitch_lets_a_moderator_say_five_times_as_much() -> None:
    assert paces_of(is_twitch_moderator=False)["twitch"].chat == (20, 30)
    assert paces_of(is_twitch_moderator=True)["twitch"].chat == (100, 30)


@pytest.mark.parametrize(("is_moderator", "in_channel"), [(True, None), (False, (1, 1))])
def test_a_verified_bot_waits_in_a_channel_where_it_is_no_moderator(
    *, is_moderator: bool, in_channel: tuple[int, float] | None
) -> None:
    pace = paces_of(is_twitch_moderator=is_moderator, is_twitch_verified=True)["twitch"]
    assert (pace.chat, pace.chat_in_channel) == ((7_500, 30), in_channel)
