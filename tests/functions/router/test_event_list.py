"""The last that happened in a channel, in a corner of OBS: what a page is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.overlay.listed import listed
from functions.overlay.shown import shown
from functions.upkeep import erase_handler
from tests.helpers.alerts import alerts, body, channel, happens, state
from tests.helpers.aliases import Channel
from waddlebot.domain.accounts import Account
from waddlebot.domain.event_list import sign_of
from waddlebot.stores.erasures import ask_to_forget
from waddlebot.stores.leftovers import sweep_leftovers
from waddlebot.stores.personal_data import forget, tell
from waddlebot.stores.postgres import Postgres

__all__ = ["channel"]  # a fixture


def events(channel: Channel) -> list[tuple[Any, ...]] | None:
    found = state(channel)
    told = listed(found.events, lines=found.lines)
    if told is None:
        return None
    return [(one["alert"], one["name"], one["amount"]) for one in told["entries"]]


def test_the_last_events_are_listed_as_long_as_a_moderator_wishes(channel: Channel) -> None:
    happens(channel, "follow", "Before")
    assert events(channel) is None
    said = channel.says("!overlay events on 3")
    assert said == "The last 3 events stand on general now. Not any more: !overlay events off"
    assert events(channel) == [("follow", "Before", "")]  # what happened today
    happens(channel, "gift_subscription", "Dee", total=10)
    happens(channel, "cheer", "Flo", bits=500)
    happens(channel, "raid", "Gus", viewers=42)
    latest = [("raid", "Gus", "42"), ("cheer", "Flo", "500"), ("gift", "Dee", "10")]
    assert events(channel) == latest
    channel.says("!overlay test follow")
    channel.says("!alerts off follow")
    happens(channel, "follow", "Unseen")
    assert events(channel) == latest
    said = channel.says("!overlay events off")
    assert said == "Events are not listed any more. Again: !overlay events on"
    assert events(channel) is None
    assert "are not listed" in channel.says("!overlay events off")
    assert "1 to 10" in channel.says("!overlay events on 11")
    assert "I do not understand" in channel.says("!overlay events on many")


def test_what_is_cleared_is_listed_no_more(channel: Channel) -> None:
    channel.says("!overlay events")
    happens(channel, "follow", "Rude name")
    channel.says("!overlay clear ticker")
    assert events(channel) == [("follow", "Rude name", "")]
    channel.says("!overlay clear general")
    assert events(channel) == []
    happens(channel, "follow", "Ana")
    assert events(channel) == [("follow", "Ana", "")]


def test_who_is_forgotten_is_listed_no_more(channel: Channel) -> None:
    channel.says("!overlay events on")
    happens(channel, "follow", "Ana")
    happens(channel, "cheer", "Flo", bits=500)
    with channel.database.writer() as connection:
        account = Account(channel.place.split(":")[0], "id-Ana")
        assert len(tell(connection, account)["overlay_pushes"]) == 1
        forget(connection, account)
    assert events(channel) == [("cheer", "Flo", "500")]
    assert "Ana" not in str(channel.database.write("SELECT content FROM overlay_pushes"))


def test_events_are_listed_for_a_day_and_other_pushes_go_after_an_hour(channel: Channel) -> None:
    channel.says("!overlay events on")
    happens(channel, "follow", "Ana")
    channel.says("!overlay test text")
    assert _after(channel, timedelta(hours=2)) == [("follow", "Ana", "")]
    left = channel.database.write("SELECT content ? 'listed' AS is_event FROM overlay_pushes")
    assert all(one["is_event"] for one in left)
    assert _after(channel, timedelta(hours=25)) == []


def _after(channel: Channel, time: timedelta) -> list[tuple[Any, ...]] | None:
    with channel.database.writer() as connection:
        sweep_leftovers(connection, datetime.now(UTC) + time)
    return events(channel)


def test_who_is_banned_is_listed_no_more_and_has_no_alert(channel: Channel) -> None:
    channel.says("!overlay events on")
    happens(channel, "follow", "Ana")
    happens(channel, "follow", "Rude")
    happens(channel, "ban", "Rude")
    assert events(channel) == [("follow", "Ana", "")]
    assert [one["name"] for one in alerts(channel)] == ["Ana"]
    told = [one for one in map(shown, state(channel).pushes) if one["kind"] == "forget"]
    assert [one["of"] for one in told] == [sign_of(f"{channel.place.split(':')[0]}:id-Rude")]
    kept = str(channel.database.write("SELECT content FROM overlay_pushes"))
    assert "Rude" not in kept


def test_who_is_banned_by_a_login_alone_is_found_by_their_name(channel: Channel) -> None:
    """Twitch says no id where its line has no tags; somebody else of another name stays."""
    channel.says("!overlay events on")
    happens(channel, "follow", "Ana")
    happens(channel, "follow", "Rude_One")
    happens(channel, "ban", "x", user_id="rude_one", user_login="rude_one")
    assert events(channel) == [("follow", "Ana", "")]
    assert [one["name"] for one in alerts(channel)] == ["Ana"]
    told = [one for one in map(shown, state(channel).pushes) if one["kind"] == "forget"]
    assert [one["of"] for one in told] == [sign_of("twitch:id-Rude_One")]
    kept = str(channel.database.write("SELECT content FROM overlay_pushes")).casefold()
    assert "rude" not in kept


def test_who_follows_and_is_banned_by_a_login_at_once_is_not_shown(channel: Channel) -> None:
    channel.says("!overlay events on")
    bodies = [
        body(channel, "follow", "Rude_One"),
        body(channel, "ban", "x", user_id="rude_one", user_login="rude_one"),
        body(channel, "follow", "Ana"),
    ]
    assert channel.doors.asks({"events": bodies}, route="POST /api/router/batch").status == 200
    assert events(channel) == [("follow", "Ana", "")]


def test_pages_that_are_open_are_told_of_whoever_is_forgotten(
    channel: Channel, database: Postgres
) -> None:
    happens(channel, "follow", "Ana")
    platform = channel.place.split(":")[0]
    with database.writer() as connection:
        ask_to_forget(connection, Account(platform, "id-Ana"))
    database.write("UPDATE erasures SET asked_at = now() - interval '1 min'")
    assert erase_handler.handler({}, None) == {"forgotten": 1, "left": 0}
    told = [one for one in map(shown, state(channel).pushes) if one["kind"] == "forget"]
    assert [one["of"] for one in told] == [sign_of(f"{platform}:id-Ana")]
    assert alerts(channel) == []
