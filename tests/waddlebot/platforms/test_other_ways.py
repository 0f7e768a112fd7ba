"""What is said where the meant way is closed: without a reference, in the next place, or alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.helpers.deliveries import (
    API,
    HELIX,
    ON_DISCORD,
    ON_SLACK,
    ON_TWITCH,
    an_interaction,
    to_discord,
    to_slack,
    to_twitch,
)
from tests.helpers.payloads import NOW, a_reply, failed, ok, play
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, ResponseUrl
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.delivering import SENT, HttpAnswer, State

REPLYING = Channel(message="901")
IN_THREAD = Channel(message="2.5", thread="1.5")
SENT_ON_TWITCH = ok(data=[{"is_sent": True}])
GONE_ON_DISCORD = failed(404, code=10003, message="Unknown Channel")


def about_reference(code: str) -> HttpAnswer:
    told = {"_errors": [{"code": code, "message": "x"}]}
    return failed(400, code=50035, message="Invalid Form Body", errors={"message_reference": told})


def a_reminder(entity: str, *, user: str = "30", **fields: Any) -> Reply:
    reply = a_reply("⏰ Reminder for Ana: stretch", entity=entity, user=user)
    return msgspec.structs.replace(reply, notifies=True, user_login="ana_", **fields)


def on_slack(error: str) -> HttpAnswer:
    return failed(200, ok=False, error=error)


@pytest.mark.parametrize(
    "refused",
    [
        about_reference("REPLIES_UNKNOWN_MESSAGE"),
        about_reference("REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE"),
        failed(403, code=160002, message="Cannot reply without permission"),
    ],
)
def test_on_discord_it_is_said_without_the_reference(refused: HttpAnswer) -> None:
    reply = a_reply(entity=ON_DISCORD, way_back=REPLYING)
    [first, second], delivered = play(to_discord(reply), refused, ok(id="1"))
    assert first.json is not None
    assert second.json is not None
    assert "message_reference" in first.json
    assert "message_reference" not in second.json
    assert second.json["nonce"] == first.json["nonce"]
    assert second.json["content"] == "Waddle on!"
    assert delivered == SENT


def test_another_wrong_field_on_discord_is_no_wrong_reference() -> None:
    wrong = failed(400, code=50035, message="Invalid Form Body", errors={"content": {}})
    [_], delivered = play(to_discord(a_reply(entity=ON_DISCORD, way_back=REPLYING)), wrong)
    assert delivered.state is State.REFUSED


@pytest.mark.parametrize("error", ["thread_not_found", "message_not_found"])
@pytest.mark.parametrize("private", [False, True])
def test_on_slack_it_is_said_outside_the_thread(error: str, *, private: bool) -> None:
    reply = a_reply(entity=ON_SLACK, way_back=IN_THREAD, private=private, user="U1")
    [first, second], delivered = play(to_slack(reply), on_slack(error), ok(ok=True))
    assert first.url == second.url
    assert first.json is not None
    assert second.json is not None
    assert first.json["thread_ts"] == "1.5"
    assert "thread_ts" not in second.json
    assert delivered.state is State.SENT
    assert "thread is gone" in delivered.reason
    assert not delivered.closed


def test_on_twitch_it_is_said_as_a_line_of_its_own() -> None:
    reply = a_reply(entity=ON_TWITCH, way_back=Channel(message="line-1"))
    gone = failed(400, message="The request's input was not valid. Message cannot be replied to.")
    [first, second], delivered = play(to_twitch(reply), gone, SENT_ON_TWITCH)
    assert first.json is not None
    assert second.json == {
        name: value for name, value in first.json.items() if name != "reply_parent_message_id"
    }
    assert delivered == SENT


def test_on_twitch_both_refused_parts_are_left_out_one_after_the_other() -> None:
    reply = a_reply(entity=ON_TWITCH, way_back=Channel(message="line-1"))
    of_user = failed(400, message="for_source_only can only be set with an app access token")
    gone = failed(400, message="The request's input was not valid. Message cannot be replied to.")
    calls, delivered = play(to_twitch(reply), of_user, gone, SENT_ON_TWITCH)
    assert calls[-1].json is not None
    assert set(calls[-1].json) == {"broadcaster_id", "sender_id", "message"}
    assert delivered == SENT
    calls, delivered = play(to_twitch(reply), of_user, of_user)
    assert len(calls) == 2
    assert delivered.state is State.REFUSED


def test_a_reminder_on_discord_calls_exactly_who_asked() -> None:
    reminder = msgspec.structs.replace(
        a_reminder(ON_DISCORD), text="⏰ Reminder for Ana: tell <@99> and @everyone"
    )
    [call], _ = play(to_discord(reminder), ok(id="1"))
    assert call.json is not None
    assert call.json["content"] == "⏰ Reminder for <@30>: tell <@99> and @\u200beveryone"
    assert call.json["allowed_mentions"] == {"parse": [], "users": ["30"], "replied_user": False}


def test_nothing_is_written_in_a_channel_of_another_server() -> None:
    """Its id is all that Discord needs, and anybody may type any."""
    delivery = to_discord(a_reminder(ON_DISCORD))
    asked = next(delivery)
    assert (asked.method, asked.url[-12:]) == ("GET", "/channels/20")
    assert asked.kept_seconds > 0
    with pytest.raises(StopIteration) as done:
        delivery.send(ok(id="20", guild_id="666"))
    assert done.value.value.state is State.REFUSED
    assert done.value.value.reason == "<#20> is no channel of this server: name one of its own."


def test_a_reminder_on_slack_calls_exactly_who_asked() -> None:
    reminder = msgspec.structs.replace(
        a_reminder(ON_SLACK, user="U1", way_back=Channel(thread="1.5")),
        text="⏰ Reminder for Ana: tell <@U2> & <!channel>",
    )
    [call], _ = play(to_slack(reminder), ok(ok=True))
    assert call.json is not None
    assert call.json["text"] == ("⏰ Reminder for <@U1>: tell &lt;@U2&gt; &amp; &lt;!channel&gt;")
    assert call.json["thread_ts"] == "1.5"


def test_a_reminder_on_twitch_calls_exactly_who_asked() -> None:
    reminder = msgspec.structs.replace(
        a_reminder(ON_TWITCH), text="⏰ Reminder for Ana: tell @max", user_name="Ana"
    )
    [call], _ = play(to_twitch(reminder), SENT_ON_TWITCH)
    assert call.json is not None
    assert call.json["message"] == "⏰ Reminder for @ana_: tell @\u200bmax"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Rem", "<@30> ⏰ Reminder for Ana: stretch"),
        ("", "<@30> ⏰ Reminder for Ana: stretch"),
        ("An.", "<@30> ⏰ Reminder for Ana: stretch"),
    ],
)
def test_who_is_not_named_is_called_all_the_same(name: str, content: str) -> None:
    reminder = msgspec.structs.replace(a_reminder(ON_DISCORD), user_name=name)
    [call], _ = play(to_discord(reminder), ok(id="1"))
    assert call.json is not None
    assert call.json["content"] == content


def test_a_thread_that_is_gone_leaves_its_channel() -> None:
    thread, channel = "discord:channel:10/21", EntityId(ON_DISCORD)
    reminder = a_reminder(thread, parent=channel)
    calls, delivered = play(to_discord(reminder), GONE_ON_DISCORD, ok(id="1"))
    assert [call.url for call in calls] == [
        f"{API}/channels/21/messages",
        f"{API}/channels/20/messages",
    ]
    assert calls[1].json is not None
    assert calls[1].json["content"] == "⏰ Reminder for <@30>: stretch"
    assert delivered.state is State.SENT
    assert "was deleted" in delivered.reason

    answer = msgspec.structs.replace(a_reply(entity=thread), parent=channel)
    calls, _ = play(to_discord(answer), failed(403, code=50083), ok(id="1"))
    assert calls[1].json is not None
    assert calls[1].json["content"] == "Ana: Waddle on!"


def test_a_channel_that_is_gone_too_leaves_whoever_asked() -> None:
    thread, channel = "discord:channel:10/21", EntityId(ON_DISCORD)
    gone = (GONE_ON_DISCORD, failed(403, code=50001))
    calls, delivered = play(
        to_discord(a_reminder(thread, parent=channel)), *gone, ok(id="66"), ok(id="1")
    )
    assert calls[2].json == {"recipient_id": "30"}
    assert calls[3].url == f"{API}/channels/66/messages"
    assert delivered.state is State.SENT
    assert delivered.closed

    closed = failed(403, code=50007)
    _, delivered = play(to_discord(a_reminder(thread)), GONE_ON_DISCORD, ok(id="66"), closed)
    assert delivered.state is State.REFUSED
    assert "was deleted" in delivered.reason


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel"])
def test_a_channel_of_slack_that_is_closed_leaves_whoever_asked(error: str) -> None:
    calls, delivered = play(to_slack(a_reminder(ON_SLACK, user="U1")), on_slack(error), ok(ok=True))
    assert calls[1].json is not None
    assert calls[1].json["channel"] == "U1"
    assert delivered.state is State.SENT
    assert delivered.closed
    assert "cannot write in <#C1>" in delivered.reason


def test_a_reminder_for_a_channel_of_twitch_that_is_closed_is_whispered() -> None:
    calls, delivered = play(to_twitch(a_reminder(ON_TWITCH)), failed(403), failed(204))
    assert calls[1].url == f"{HELIX}/whispers?from_user_id=9999&to_user_id=30"
    assert delivered.state is State.SENT
    _, delivered = play(to_twitch(a_reminder(ON_TWITCH)), failed(403), failed(403))
    assert delivered.state is State.REFUSED
    assert "may not write in this channel" in delivered.reason


@pytest.mark.parametrize(
    ("deliver", "entity", "refused"),
    [
        (to_discord, ON_DISCORD, failed(403, code=50013)),
        (to_discord, ON_DISCORD, failed(403, code=50001)),
        (to_discord, ON_DISCORD, GONE_ON_DISCORD),
        (to_slack, ON_SLACK, on_slack("channel_not_found")),
        (to_slack, ON_SLACK, on_slack("is_archived")),
        (to_slack, ON_SLACK, on_slack("not_in_channel")),
        (to_twitch, ON_TWITCH, failed(403)),
    ],
)
def test_an_answer_to_a_line_follows_nobody_into_their_inbox(
    deliver: Any, entity: str, refused: HttpAnswer
) -> None:
    [_], delivered = play(deliver(a_reply(entity=entity)), refused)
    assert delivered.state is State.REFUSED
    assert delivered.closed


@pytest.mark.parametrize("private", [False, True])
def test_an_answer_to_a_slash_command_whose_token_is_dead_reaches_who_asked(
    *,
    private: bool,
) -> None:
    late = an_interaction(asked_ago=16 * 60)
    reply = a_reply("your code is 123", entity=ON_DISCORD, way_back=late, private=private)
    closed = () if private else (failed(403, code=50013),)
    calls, delivered = play(to_discord(reply), *closed, ok(id="66"), ok(id="1"))
    assert calls[-1].url == f"{API}/channels/66/messages"
    assert delivered.state is State.SENT
    if private:
        public = [call for call in calls if call.url == f"{API}/channels/20/messages"]
        assert not public


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("error", ["channel_not_found", "is_archived"])
def test_an_answer_whose_address_is_used_up_reaches_who_asked(error: str, *, private: bool) -> None:
    spent = ResponseUrl(url="https://hooks.slack.com/x", until=NOW + timedelta(minutes=30))
    reply = a_reply(entity=ON_SLACK, way_back=spent, private=private, user="U1")
    used = failed(404, ok=False, error="used_url")
    calls, delivered = play(to_slack(reply), used, on_slack(error), ok(ok=True))
    assert calls[-1].json is not None
    assert calls[-1].json["channel"] == "U1"
    assert delivered.state is State.SENT
