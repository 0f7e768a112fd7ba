from __future__ import annotations

import hashlib
import hmac
import json
import urllib.parse
from typing import Any

from tests.helpers.stand_ins import KEYS, Front, Hook, a_slack_channel, served


def is_signed(hook: Hook) -> bool:
    base = b"v0:" + hook.headers["x-slack-request-timestamp"].encode() + b":" + hook.body
    digest = hmac.new(KEYS["SLACK_SIGNING_SECRET"].encode(), base, hashlib.sha256).hexdigest()
    return hook.headers["x-slack-signature"] == f"v0={digest}"


def form_of(hook: Hook) -> dict[str, str]:
    return {name: values[0] for name, values in urllib.parse.parse_qs(hook.body.decode()).items()}


def event_of(hook: Hook) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(hook.body)["event"]
    return event


def test_a_chat_line_is_a_signed_event_and_gets_its_answer(front: Front) -> None:
    channel = a_slack_channel()
    said = front.says("ana", "slack", "!quote <3 & more", channel=channel)
    event = event_of(front.bot.hooks[0])
    assert is_signed(front.bot.hooks[0])
    assert event["text"] == "!quote &lt;3 &amp; more"
    assert said["event_id"] == f"slack:T0WADDLEBOT/{channel}/{event['ts']}"
    (reply,) = front.replies(channel)
    assert (reply["kind"], reply["text"]) == ("chat", "echo: !quote <3 & more")
    assert reply["entity_id"] == f"slack:channel:T0WADDLEBOT/{channel}"


def test_a_slash_command_is_answered_inline_and_by_its_response_url_five_times(
    front: Front,
) -> None:
    channel = a_slack_channel()
    said = front.says("ana", "slack", "/waddlebot quote 3", channel=channel)
    form = form_of(front.bot.hooks[0])
    assert is_signed(front.bot.hooks[0])
    assert (form["command"], form["text"]) == ("/waddlebot", "quote 3")
    assert said["event_id"] == f"slack:{form['trigger_id']}"
    uses = [front.call("POST", form["response_url"], {"text": str(n)}) for n in range(6)]
    assert [use[0] for use in uses] == [200] * 5 + [404]
    kinds = [(reply["kind"], reply["text"]) for reply in front.replies(channel)]
    assert kinds == [("inline", "echo: quote 3"), *[("ephemeral", str(n)) for n in range(5)]]


def test_what_is_not_accepted_is_repeated_three_times_unless_it_was_a_command(front: Front) -> None:
    channel = a_slack_channel()
    front.bot.statuses = [500, 500, 503]
    assert front.says("ana", "slack", "hello", channel=channel)["accepted"]
    retries = [hook.headers.get("x-slack-retry-num") for hook in front.bot.hooks]
    assert retries == [None, "1", "2", "3"]
    assert all(map(is_signed, front.bot.hooks))
    front.bot.statuses = [500]
    front.says("ana", "slack", "/waddlebot quote", channel=channel)
    (error,) = [reply for reply in front.replies(channel) if reply["kind"] == "failed"]
    assert "failed with the error" in error["text"]


def test_a_mention_comes_as_a_line_and_as_a_mention_of_one_ts(front: Front) -> None:
    front.says("ana", "slack", "@WaddleBot quote", channel=a_slack_channel())
    line, mention = (event_of(hook) for hook in front.bot.hooks)
    assert (line["type"], mention["type"]) == ("message", "app_mention")
    assert line["ts"] == mention["ts"]
    assert line["text"] == "<@U0WADDLEBOT> quote"


def test_a_channel_of_that_name_turns_a_hash_into_a_link(front: Front) -> None:
    front.says("ana", "slack", "#general is nice, #weather too", channel=a_slack_channel())
    assert event_of(front.bot.hooks[0])["text"] == "<#C0GENERAL|general> is nice, #weather too"


def test_another_persons_message_cannot_be_deleted(front: Front) -> None:
    channel = a_slack_channel()
    said = front.says("ana", "slack", "hello", channel=channel)
    answer = front.slack("chat.delete", {"channel": channel, "ts": said["message_id"]})
    assert answer == {"ok": False, "error": "cant_delete_message"}
    own = front.slack("chat.postMessage", {"channel": channel, "text": "mine"})
    assert front.slack("chat.update", {"channel": channel, "ts": own["ts"], "text": "still"})["ok"]
    assert front.slack("chat.delete", {"channel": channel, "ts": own["ts"]})["ok"]


def test_errors_are_slacks_own(front: Front) -> None:
    post = "chat.postMessage"
    assert front.slack(post, {"channel": "C0GENERAL", "text": "x"}, token="no")["error"] == (
        "invalid_auth"
    )
    assert front.slack(post, {"channel": "C404", "text": "x"})["error"] == "channel_not_found"
    assert front.slack(post, {"channel": "C0GENERAL"})["error"] == "no_text"
    long = {"channel": "C0GENERAL", "text": "x" * 40_001}
    assert front.slack(post, long)["error"] == "msg_too_long"
    assert front.slack("no.such", {})["error"] == "unknown_method"
    assert front.slack("views.open", {"trigger_id": "1"})["error"] == "invalid_trigger_id"


def test_people_can_be_looked_up_and_written_to_privately(front: Front) -> None:
    assert front.slack("auth.test", {})["user_id"] == "U0WADDLEBOT"
    assert front.slack("users.info", {"user": "U0OLGA"})["user"]["is_owner"]
    front.slack("chat.postMessage", {"channel": "U0ANA", "text": "psst"})
    whisper = {"channel": "C0GENERAL", "user": "U0MAX", "text": "hey"}
    front.slack("chat.postEphemeral", whisper)
    (private,) = [
        r for r in front.call("GET", "/replies?on=slack")[1]["replies"] if r["to"] == "ana"
    ]
    assert (private["kind"], private["text"]) == ("private", "psst")
    assert [r["kind"] for r in front.replies("general")] == ["ephemeral"]


def test_a_form_opens_once_with_a_fresh_trigger(front: Front) -> None:
    channel = a_slack_channel()
    pressed = {"as": "ana", "on": "slack", "type": "button_click", "action_id": "a:b:c"}
    front.call("POST", "/happens", {**pressed, "channel": channel})
    payload = json.loads(form_of(front.bot.hooks[0])["payload"])
    assert payload["actions"][0]["action_id"] == "a:b:c"
    title = {"type": "plain_text", "text": "A form"}
    line = {"type": "plain_text_input", "action_id": "words"}
    block = {"type": "input", "block_id": "words", "label": title, "element": line}
    view = {"type": "modal", "title": title, "submit": title, "blocks": [block]}
    opened = {"trigger_id": payload["trigger_id"], "view": view}
    assert front.slack("views.open", opened)["ok"]
    assert not front.slack("views.open", opened)["ok"]
    assert ("form", "A form") in [(r["kind"], r["text"]) for r in front.replies(channel)]


def about(front: Front, user: str) -> Any:
    return front.slack("users.info", {"user": user}).get("user")


def test_slack_alone_says_who_somebody_is_and_speaking_grants_nothing(front: Front) -> None:
    flags = ("is_primary_owner", "is_owner", "is_admin")
    front.says("max", "slack", "hello", channel=a_slack_channel())
    front.says("boss", "slack", "hello", channel=a_slack_channel(), server="T0OTHER")
    boss = event_of(front.bot.hooks[-1])["user"]
    granted = {user: [about(front, user)[flag] for flag in flags] for user in ("U0OLGA", boss)}
    assert granted == {"U0OLGA": [True] * 3, boss: [False] * 3}
    assert not any(about(front, "U0MAX")[flag] for flag in flags)
    assert (about(front, boss)["team_id"], about(front, "U0MAX")["team_id"]) == (
        "T0OTHER",
        "T0WADDLEBOT",
    )
    assert about(front, "U0WADDLEBOT")["is_bot"]
    assert front.slack("users.info", {"user": "U0NOBODY"})["error"] == "user_not_found"
    assert {"user", "role", "name"} & event_of(front.bot.hooks[0]).keys() == {"user"}


def test_what_changes_about_somebody_is_told_and_said_from_then_on(front: Front) -> None:
    change = {"as": "boss", "on": "slack", "type": "user_change", "display_name": "Berta"}
    front.call("POST", "/happens", {**change, "server": "T0OTHER", "is_owner": True})
    told = event_of(front.bot.hooks[-1])
    assert (told["type"], told["user"]["profile"]["display_name"]) == ("user_change", "Berta")
    assert about(front, told["user"]["id"]) == told["user"]
    assert told["user"]["is_owner"]


def test_who_asks_too_often_is_told_to_wait_and_who_lacks_a_scope_which() -> None:
    with served(SLACK_SCOPES="chat:write") as front:
        refused = front.slack("users.info", {"user": "U0ANA"})
        assert (refused["error"], refused["needed"]) == ("missing_scope", "users:read")
    with served() as front:
        token = {"authorization": "Bearer the-token"}
        told = [
            front.call("POST", "/slack/api/users.info", {"user": "U0ANA"}, token)
            for _ in range(101)
        ]
        assert {status for status, _, _ in told[:100]} == {200}
        status, body, headers = told[100]
        assert (status, body["error"]) == (429, "ratelimited")
        assert 1 <= int(headers["retry-after"]) <= 60
