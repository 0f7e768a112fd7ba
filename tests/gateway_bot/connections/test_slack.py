"""Slack's socket mode against a stand-in that repeats, says goodbye, breaks and refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import pytest

from gateway_bot.connections.completing import Complete, nothing_offered
from gateway_bot.connections.slack import SlackSettings, run
from tests.helpers.slack_socket import TOKEN, SlackStandIn, slack_stand_in
from tests.helpers.taken_events import Stream
from waddlebot.domain.completions import Completing
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import MessageType, ResponseUrl
from waddlebot.platforms.slack.components import FINDER
from waddlebot_sdk.completions import Choice

Story = Callable[[SlackStandIn, Stream], Awaitable[None]]


def tell(
    story: Story,
    *,
    stream: Stream | None = None,
    error: str = "",
    complete: Complete = nothing_offered,
) -> None:
    async def go() -> None:
        async with slack_stand_in() as slack:
            slack.error = error
            events = stream or Stream()
            settings = SlackSettings(token=TOKEN, api_url=f"{slack.url}/api")
            task = asyncio.create_task(run(settings, events.append, complete=complete))
            try:
                await slack.until(lambda: bool(slack.sockets))
                await story(slack, events)
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    asyncio.run(go())


def test_lines_are_stored_in_order_and_then_acknowledged() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        for number in range(5):
            await slack.says(str(number), f"line {number}")
        events = await stream.next(5)
        assert [event.text for event in events] == [f"line {number}" for number in range(5)]
        assert events[0].entity == "slack:channel:T1/C1"
        await slack.until(lambda: len(slack.acknowledged) == 5)

    tell(story)


def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        await slack.says("1", "hello")
        await slack.until(lambda: stream.away == 0)
        await slack.says("2", "hello")
        assert [event.text for event in await stream.next()] == ["hello"]
        await slack.until(lambda: bool(slack.acknowledged))
        assert slack.acknowledged.keys() == {"2"}

    tell(story, stream=Stream(away=1))


def test_a_slash_command_is_told_and_its_answer_goes_to_its_own_address() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        payload = {
            "command": "/waddlebot",
            "text": "quote",
            "team_id": "T1",
            "channel_id": "C1",
            "user_id": "U0ANA",
            "user_name": "ana",
            "response_url": "https://hooks.slack.com/commands/T1/1/x",
            "trigger_id": "1.2.3",
        }
        await slack.sends("1", payload, "slash_commands")
        [event] = await stream.next()
        assert (event.type, event.text) == (MessageType.SLASH_COMMAND, "quote")
        assert isinstance(event.way_back, ResponseUrl)
        assert event.asked_until is None

    tell(story)


def test_odd_frames_are_passed_over() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        for frame in ("", "no json", "[]", '{"type": 3}', '{"envelope_id": "9"}'):
            await slack.sockets[-1].send_str(frame)
        await slack.sockets[-1].send_bytes(b"\x00")
        await slack.says("1", "still here")
        assert [event.text for event in await stream.next()] == ["still here"]
        assert len(slack.sockets) == 1

    tell(story)


def test_where_slack_says_goodbye_the_next_connection_stands_first() -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        await slack.sockets[0].send_json({"type": "disconnect", "reason": "refresh_requested"})
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.says("1", "over here")
        assert [event.text for event in await stream.next()] == ["over here"]
        await slack.until(lambda: slack.sockets[0].closed)

    tell(story)


@pytest.mark.parametrize("error", ["", "ratelimited"])
def test_a_broken_socket_is_made_anew(error: str) -> None:
    async def story(slack: SlackStandIn, stream: Stream) -> None:
        slack.error = error
        await slack.sockets[0].close()
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.says("1", "back again")
        assert [event.text for event in await stream.next()] == ["back again"]

    tell(story)


FOUND = {
    "type": "block_suggestion",
    "action_id": FINDER,
    "team": {"id": "T1"},
    "user": {"id": "U0ANA"},
    "channel": {"id": "C1"},
}


@pytest.mark.parametrize("options", [["quote 1"], []], ids=["in time", "nobody knows"])
def test_what_is_typed_into_a_finder_is_offered_and_holds_up_no_line(
    options: list[str],
) -> None:
    stored = asyncio.Event()
    asked: list[Completing] = []

    async def complete(one: Completing) -> Sequence[Choice]:
        asked.append(one)
        await stored.wait()
        if not options:
            raise Unavailable("the router")
        return [Choice("quote 1", "a @channel b")]

    async def story(slack: SlackStandIn, stream: Stream) -> None:
        await slack.sends("1", {**FOUND, "value": "quo"}, "interactive")
        await slack.says("2", "hello")
        assert [event.text for event in await stream.next()] == ["hello"]
        await slack.until(lambda: "2" in slack.acknowledged)
        assert "1" not in slack.acknowledged
        stored.set()
        await slack.until(lambda: "1" in slack.acknowledged)
        told = slack.acknowledged["1"]["options"]
        assert [one["value"] for one in told] == options
        assert "@channel" not in str(told)
        assert [one.typed for one in asked] == ["quo"]

    tell(story, complete=complete)
