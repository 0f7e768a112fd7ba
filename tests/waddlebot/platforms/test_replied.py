"""A line that answers another one says which, where the platform tells its words."""

from __future__ import annotations

import json
from typing import Any

from tests.helpers.payloads import (
    ASKED_UNTIL,
    NOW,
    a_discord_line,
    a_slack_event,
    a_twitch_line,
    slack_headers,
    twitch_headers,
)
from waddlebot.platforms.discord.events import read_gateway
from waddlebot.platforms.received import Received
from waddlebot.platforms.replied import MOST_CHARACTERS
from waddlebot.platforms.slack.events import read_webhook as read_slack
from waddlebot.platforms.twitch.events import read_irc, read_webhook

ANSWERED = {
    "id": "800",
    "channel_id": "20",
    "content": "Waddle on, <@!31> and <@32>!",
    "timestamp": "2026-10-31T20:00:00+00:00",
    "author": {"id": "33", "username": "olga", "global_name": "Olga"},
    "mentions": [{"id": "31", "username": "max", "global_name": "Max"}],
}


def told(received: Received) -> dict[str, Any]:
    assert received.event is not None, received
    return received.event.data


def on_discord(**changes: Any) -> dict[str, Any]:
    return told(read_gateway(a_discord_line("!addquote", type=19, **changes), now=NOW))


def test_discord_tells_the_line_with_names_in_place_of_numbers() -> None:
    assert on_discord(referenced_message=ANSWERED)["replied_to"] == {
        "message_id": "800",
        "user_id": "33",
        "user_name": "Olga",
        "text": "Waddle on, @Max and <@32>!",
        "said_at": "2026-10-31T20:00:00+00:00",
        "address": "https://discord.com/channels/10/20/800",
    }


def test_a_line_that_is_gone_has_no_words_or_is_odd_is_none() -> None:
    odd: list[object] = [
        None,
        [],
        "x",
        {"id": "800"},
        {**ANSWERED, "content": " "},
        {**ANSWERED, "id": {}},
    ]
    assert all("replied_to" not in on_discord(referenced_message=line) for line in odd)


def test_a_long_line_is_cut() -> None:
    text = on_discord(referenced_message={**ANSWERED, "content": "x" * 4000})["replied_to"]["text"]
    assert (len(text), text[-2:]) == (MOST_CHARACTERS, "x…")


def test_twitch_tells_who_and_what_over_eventsub_and_irc() -> None:
    reply = {
        "parent_message_id": "line-0",
        "parent_message_body": "Waddle on!",
        "parent_user_id": "33",
        "parent_user_login": "olga",
        "parent_user_name": "Olga",
    }
    body = json.loads(a_twitch_line("@Olga !addquote"))
    body["event"]["reply"] = reply
    raw = json.dumps(body).encode()
    headers = twitch_headers(raw, kind="notification", message_id="m-1")
    event_sub = read_webhook(headers, raw, now=NOW, asked_until=ASKED_UNTIL)
    tags = (
        "reply-parent-msg-id=line-0;reply-parent-user-id=33;reply-parent-user-login=olga;"
        "reply-parent-display-name=Olga;reply-parent-msg-body=Waddle\\son!"
    )
    line = f"@id=l1;room-id=1001;user-id=30;{tags} :ana!ana@ana PRIVMSG #c :@Olga !addquote"
    irc = read_irc(line, now=NOW)
    assert event_sub.event is not None
    assert event_sub.event.text == "!addquote"
    assert told(event_sub)["replied_to"] == told(irc)["replied_to"]
    assert told(irc)["replied_to"] == {
        "message_id": "line-0",
        "user_id": "33",
        "user_name": "Olga",
        "text": "Waddle on!",
        "said_at": "",
        "address": "",
    }


def test_slack_tells_no_word_of_it() -> None:
    body = a_slack_event(text="!addquote", thread_ts="1793534000.000100", parent_user_id="U2")
    received = read_slack(slack_headers(body), body, now=NOW, asked_until=ASKED_UNTIL)
    assert "replied_to" not in told(received)
