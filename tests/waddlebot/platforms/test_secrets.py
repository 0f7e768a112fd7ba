"""What is for one person alone is told to that person or to nobody, whatever the platform does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.helpers.deliveries import (
    ON_DISCORD,
    ON_SLACK,
    ON_TWITCH,
    an_interaction,
    to_discord,
    to_slack,
    to_twitch,
)
from tests.helpers.payloads import NOW, a_reply, failed, ok, play
from waddlebot.domain.events import Channel, Event, Interaction, MessageType
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.delivering import SENT, HttpAnswer, HttpCall, State
from waddlebot.platforms.discord import render as discord_render
from waddlebot.platforms.slack import render as slack_render

CODE = "7F3KQ9"


def a_secret(entity: str, **more: Any) -> Reply:
    return a_reply(f"Type !verify {CODE} there.", entity=entity, secret=True, **more)


def holding(calls: Sequence[HttpCall]) -> list[str]:
    """Where the code went."""
    return [call.url for call in calls if CODE in str(call.json)]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_whisper_is_no_reason_to_say_a_code_in_chat(status: int) -> None:
    calls, delivered = play(to_twitch(a_secret(ON_TWITCH)), failed(status), ok(data=[{}]))

    assert [url.partition("?")[0].rpartition("/")[2] for url in holding(calls)] == ["whispers"]
    assert calls[1].json is not None
    assert calls[1].json["message"].startswith("Ana: that is for you alone")
    assert "Discord or Slack" in calls[1].json["message"]
    assert delivered == SENT


def test_what_is_private_and_no_secret_is_still_said_where_whispers_are_refused() -> None:
    reply = a_reply("It is off here.", entity=ON_TWITCH, private=True)
    calls, _ = play(to_twitch(reply), failed(403), ok(data=[{}]))
    assert calls[1].json is not None
    assert calls[1].json["message"] == "Ana: It is off here."


@pytest.mark.parametrize("code", [50007, 50278, 20026])
def test_a_closed_inbox_on_discord_is_told_where_to_look(code: int) -> None:
    calls, delivered = play(
        to_discord(a_secret(ON_DISCORD)), ok(id="66"), failed(403, code=code), ok(id="1")
    )

    assert [url.rsplit("/", 2)[1] for url in holding(calls)] == ["66"]
    assert "ask with /waddlebot" in str(calls[-1].json)
    assert delivered == SENT


def test_a_place_on_discord_that_may_be_a_channel_is_not_taken_for_an_inbox() -> None:
    calls, _ = play(to_discord(a_secret("discord:channel:20")), ok(id="66"), ok(id="1"))
    assert [url.rsplit("/", 2)[1] for url in holding(calls)] == ["66"]


def test_what_everybody_sees_as_thinking_is_not_filled_with_a_code() -> None:
    """Discord fixed with the deferral who sees its message: the code follows it, to one alone."""
    reply = a_secret(ON_DISCORD, way_back=an_interaction())
    calls, delivered = play(to_discord(reply), ok(flags=1 << 7), ok(id="1"), ok(id="2"))

    assert [call.method for call in calls] == ["GET", "PATCH", "POST"]
    assert CODE not in str(calls[1].json)
    assert calls[2].json is not None
    assert (CODE in calls[2].json["content"], calls[2].json["flags"]) == (True, 64)
    assert delivered == SENT


def test_a_deferral_that_one_person_alone_sees_is_filled() -> None:
    reply = a_secret(ON_DISCORD, way_back=an_interaction())
    calls, _ = play(to_discord(reply), ok(flags=1 << 7 | 1 << 6), ok(id="1"))
    assert holding(calls) == [calls[1].url]


SLACK_REFUSES = [
    ("user_not_in_channel", "messages_tab_disabled"),
    ("not_in_channel", "cannot_dm_bot"),
]


@pytest.mark.parametrize(("unseen", "closed"), SLACK_REFUSES)
def test_where_slack_takes_neither_way_it_says_where_to_look(unseen: str, closed: str) -> None:
    def no(error: str) -> HttpAnswer:
        return failed(200, ok=False, error=error)

    calls, delivered = play(to_slack(a_secret(ON_SLACK)), no(unseen), no(closed), ok(ok=True))

    assert [url.rpartition("/")[2] for url in holding(calls)] == [
        "chat.postEphemeral",
        "chat.postMessage",
    ]
    assert calls[1].json is not None
    assert calls[1].json["channel"] == "30"
    assert "Ask with /waddlebot" in str(calls[2].json)
    assert delivered == SENT


def test_a_secret_for_nobody_is_not_said_at_all() -> None:
    for delivery in (
        to_discord(a_secret(ON_DISCORD, user=None)),
        to_slack(a_secret(ON_SLACK, user=None)),
        to_twitch(a_secret(ON_TWITCH, user=None)),
    ):
        with pytest.raises(StopIteration) as done:
            next(delivery)
        assert done.value.value.state is State.REFUSED


def test_one_secret_among_open_answers_makes_the_one_message_private() -> None:
    def answered(entity: str) -> tuple[list[Reply], Event]:
        way_back = an_interaction() if entity == ON_DISCORD else Channel()
        replies = [a_reply("Hi!", entity=entity), a_secret(entity)]
        event = Event(
            id="discord:1",
            type=MessageType.SLASH_COMMAND,
            entity=replies[0].entity,
            user=None,
            occurred_at=NOW,
            way_back=way_back,
        )
        assert isinstance(way_back, Interaction) == (entity == ON_DISCORD)
        return replies, event

    on_discord = json.loads(discord_render.inline(*answered(ON_DISCORD)).body)
    assert on_discord["data"]["flags"] == 64
    on_slack = json.loads(slack_render.inline(*answered(ON_SLACK)).body)
    assert on_slack["response_type"] == "ephemeral"
