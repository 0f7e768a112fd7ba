from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.request
from urllib.error import URLError

import pytest

from tests.helpers.stand_ins import Front, a_channel, a_slack_channel


def test_people_and_places_are_listed(front: Front) -> None:
    people = front.call("GET", "/people")[1]["people"]
    assert [(p["as"], p["role"]) for p in people] == [
        ("ana", "user"),
        ("max", "moderator"),
        ("olga", "owner"),
    ]
    places = front.call("GET", "/places")[1]["places"]
    assert "twitch:channel:1001" in [place["entity_id"] for place in places]


def test_a_new_channel_is_made_when_somebody_talks_there(front: Front) -> None:
    said = front.says("ana", "slack", "hello", channel="penguins", server="T0OTHER")
    assert said["entity_id"].startswith("slack:channel:T0OTHER/C")
    names = [place["name"] for place in front.call("GET", "/places")[1]["places"]]
    assert "penguins" in names


def test_viewers_of_any_name_may_talk_and_be_found_again(front: Front) -> None:
    front.says("pia", "twitch", "hello", channel=a_channel())
    (user,) = front.helix("GET", "/users?login=pia")[1]["data"]
    assert user["display_name"] == "Pia"


@pytest.mark.parametrize(
    "line",
    [
        {"as": "ana", "on": "irc", "text": "x"},
        {"as": "", "on": "slack", "text": "x"},
        {"as": "ana", "on": "slack", "text": " "},
    ],
)
def test_an_unusable_line_is_refused_with_a_sentence(front: Front, line: dict[str, str]) -> None:
    status, body, _ = front.call("POST", "/says", line)
    assert status == 400
    assert body["error"]["message"]


def test_replies_are_waited_for_and_filtered(front: Front) -> None:
    channel = a_channel()
    begun = time.monotonic()
    assert front.replies(channel, wait=0.2) == []
    assert time.monotonic() - begun >= 0.2
    later = threading.Timer(0.2, front.says, ("ana", "twitch", "!hi"), {"channel": channel})
    later.start()
    (reply,) = front.replies(channel, wait=5)
    later.join()
    path = f"/replies?entity=twitch:channel:{channel}"
    assert front.call("GET", path)[1]["replies"] == [reply]
    assert front.replies(channel, after=reply["n"], wait=0) == []


def test_the_feed_can_be_taken_up_again(front: Front) -> None:
    channel = a_channel()
    front.says("ana", "twitch", "one", channel=channel)
    front.replies(channel)
    request = urllib.request.Request(  # noqa: S310 # our own address
        f"{front.url}/stand-ins/feed?channel={channel}", headers={"Last-Event-ID": "0"}
    )
    with urllib.request.urlopen(request, timeout=5) as stream:  # noqa: S310
        items = [read_item(stream), read_item(stream)]
    assert [(item["kind"], item["who"], item["text"]) for item in items] == [
        ("line", "ana", "one"),
        ("reply", "WaddleBot", "echo: one"),
    ]
    assert items[1]["in_reply_to"] == items[0]["event_id"]
    request.add_header("Last-Event-ID", str(items[0]["n"]))
    with urllib.request.urlopen(request, timeout=5) as stream:  # noqa: S310
        assert read_item(stream) == items[1]


def read_item(stream: http.client.HTTPResponse) -> dict[str, object]:
    while not (line := stream.readline()).startswith(b"data: "):
        pass
    item: dict[str, object] = json.loads(line.removeprefix(b"data: "))
    return item


def test_platforms_can_be_told_to_fail(front: Front) -> None:
    known = front.call("GET", "/break")[1]
    assert {"429", "5xx", "slow", "drop", "repeat", "forge"} <= set(known["slack"])
    send = "/channels/202000000000000001/messages"
    front.breaks("discord", "429", times=2, seconds=0.2)
    answers = [front.discord("POST", send, {"content": "x"}) for _ in range(3)]
    assert [answer[0] for answer in answers] == [429, 429, 200]
    assert answers[0][2]["via"]
    assert answers[0][1]["retry_after"] == 0.2
    front.breaks("twitch", "5xx")
    assert front.helix("GET", "/users")[0] == 503
    front.breaks("slack", "429", channel="C0GENERAL")
    assert front.slack("auth.test", {})["ok"]
    assert front.slack("chat.postMessage", {"channel": "C0GENERAL", "text": "x"})["error"] == (
        "ratelimited"
    )
    front.breaks("slack", "drop")
    with pytest.raises((URLError, http.client.HTTPException, ConnectionError)):
        front.slack("auth.test", {})
    assert front.breaks("slack", "earthquake")["error"]["message"]


def test_the_last_event_can_be_repeated_and_forged(front: Front) -> None:
    channel = a_slack_channel()
    front.says("ana", "slack", "once", channel=channel)
    front.breaks("slack", "repeat", channel=channel)
    front.bot.statuses = [401]
    forged = front.breaks("slack", "forge", channel=channel)
    first, again, false = front.bot.hooks
    assert first.body == again.body == false.body
    assert again.headers["x-slack-retry-num"] == "1"
    assert (forged["status"], forged["accepted"]) == (401, False)


def test_two_events_can_come_out_of_order(front: Front) -> None:
    channel = a_channel()
    front.breaks("twitch", "out_of_order", channel=channel)
    front.says("ana", "twitch", "first", channel=channel)
    front.says("ana", "twitch", "second", channel=channel)
    texts = [json.loads(hook.body)["event"]["message"]["text"] for hook in front.bot.hooks]
    assert texts == ["second", "first"]
