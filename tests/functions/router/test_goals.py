"""A community counts towards something: each event once, whatever of it is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.overlay.shown import shown
from tests.helpers.alerts import channel, happens, lines, state
from tests.helpers.aliases import Channel

__all__ = ["channel"]  # a fixture


def goals(channel: Channel) -> list[Any]:
    return [(one["what"], one["count"], one["target"]) for one in state(channel).goals]


def test_a_goal_counts_what_is_shown_and_what_is_not(channel: Channel) -> None:
    happens(channel, "subscription", "Before")
    said = channel.says("!goal set subs 50 A new microphone")
    assert said == "subs: 0 of 50 (A new microphone). Undo: !goal remove subs"
    happens(channel, "subscription", "Bo")
    happens(channel, "resub", "Cy", months=3)
    channel.says("!alerts off gift")
    happens(channel, "gift_subscription", "Dee", total=10)
    happens(channel, "subscription", "Eve", is_gift=True)
    happens(channel, "cheer", "Flo", bits=500)

    assert goals(channel) == [("subs", 12, 50)]
    assert channel.says("!goal", "ana") == "subs: 12 of 50 (A new microphone)."
    assert lines(channel)[-1] == "Flo cheers 500 bits"
    channel.says("!goal set subs 100")
    assert goals(channel) == [("subs", 12, 100)]
    assert channel.says("!goal count subs 7") == "subs: 7 of 100."
    channel.says("!goal set bits 1,000")
    happens(channel, "cheer", "Flo", bits=500)
    assert goals(channel) == [("bits", 500, 1000), ("subs", 7, 100)]
    gone = channel.says("!goal remove subs")
    assert gone == "Removed: subs: 7 of 100. Undo: !goal set subs 100"
    assert goals(channel) == [("bits", 500, 1000)]


def test_what_is_told_again_counts_once(channel: Channel) -> None:
    channel.says("!goal set subs 50")
    for _ in range(3):
        happens(channel, "gift_subscription", total=10, message_id="the-gift")
    assert goals(channel) == [("subs", 10, 50)]


def test_all_of_a_flood_count_though_not_all_are_shown(channel: Channel) -> None:
    channel.says("!goal set follows 1000")
    body = {"message_type": "follow", "entity_id": channel.place}
    events = [body | {"user_id": str(one), "username": f"Bot {one}"} for one in range(100)]
    told = channel.doors.asks({"events": events}, route="POST /api/router/batch")
    assert told.status == 200, told.body
    assert goals(channel) == [("follows", 100, 1000)]
    assert len(lines(channel)) == 20


def test_a_countdown_runs_until_it_is_over_or_taken_away(channel: Channel) -> None:
    said = channel.says("!countdown 10m Starting soon")
    assert said == "It counts down for 10 minutes. Stop: !countdown stop"
    [push] = state(channel).pushes
    told = shown(push)
    assert (told["kind"], told["text"], told["seconds"]) == ("countdown", "Starting soon", 600)
    assert told["until"] == told["at"] + 605
    assert channel.says("!countdown").startswith("Usage: !countdown")
    assert "Say how long, or until when" in channel.says("!countdown Starting soon")
    soon = datetime.now(UTC) + timedelta(hours=1)
    assert f" at {soon:%H:%M} (UTC)" in channel.says(f"!countdown at {soon:%H:%M} Doors open")
    assert channel.says("!countdown stop") == "There is no countdown any more."
    assert shown(state(channel).pushes[-1])["seconds"] == 0
