from __future__ import annotations

import hashlib
import hmac
import json
import time

from tests.helpers.stand_ins import KEYS, Front, Hook, a_channel


def is_signed(hook: Hook) -> bool:
    read = {
        name.removeprefix("twitch-eventsub-message-"): value for name, value in hook.headers.items()
    }
    signed = (read["id"] + read["timestamp"]).encode() + hook.body
    secret = KEYS["TWITCH_EVENTSUB_SECRET"].encode()
    return read["signature"] == "sha256=" + hmac.new(secret, signed, hashlib.sha256).hexdigest()


def test_a_chat_line_is_a_signed_notification_with_badges(front: Front) -> None:
    channel = a_channel()
    said = front.says("max", "twitch", "!quote", channel=channel)
    hook = front.bot.hooks[0]
    event = json.loads(hook.body)["event"]
    assert is_signed(hook)
    assert hook.headers["twitch-eventsub-subscription-type"] == "channel.chat.message"
    assert [badge["set_id"] for badge in event["badges"]] == ["moderator"]
    assert said["event_id"] == f"twitch:{event['message_id']}"
    (reply,) = front.replies(channel)
    assert (reply["text"], reply["in_reply_to"]) == ("echo: !quote", said["event_id"])
    assert reply["entity_id"] == f"twitch:channel:{channel}"


def test_what_is_not_accepted_is_repeated_as_the_same_message(front: Front) -> None:
    front.bot.statuses = [503]
    front.says("ana", "twitch", "hello", channel=a_channel())
    first, second = (hook.headers for hook in front.bot.hooks)
    assert first["twitch-eventsub-message-id"] == second["twitch-eventsub-message-id"]
    assert second["twitch-eventsub-message-retry"] == "1"


def test_a_raid_is_told_in_twitchs_own_words(front: Front) -> None:
    raid = {"as": "ana", "on": "twitch", "type": "raid", "viewers": 50, "channel": a_channel()}
    told = front.call("POST", "/happens", raid)[1]
    body = json.loads(front.bot.hooks[0].body)
    assert body["subscription"]["type"] == "channel.raid"
    assert body["event"]["viewers"] == 50
    assert body["event"]["from_broadcaster_user_login"] == "ana"
    assert told["event_id"] == f"twitch:{front.bot.hooks[0].headers['twitch-eventsub-message-id']}"


def test_what_twitch_does_not_know_is_refused_with_what_it_does(front: Front) -> None:
    status, body, _ = front.call("POST", "/happens", {"as": "ana", "on": "twitch", "type": "host"})
    assert status == 400
    assert "raid" in body["error"]["message"]


def test_where_a_copy_goes_is_for_the_applications_token_alone_to_say(front: Front) -> None:
    message = {
        "broadcaster_id": "1001",
        "sender_id": "1000",
        "message": "hi",
        "for_source_only": True,
    }
    assert front.helix("POST", "/chat/messages", message)[0] == 200
    own = f"user-{KEYS['STAND_IN_TOKEN']}"
    status, refusal = front.helix("POST", "/chat/messages", message, token=own)[:2]
    assert (status, "for_source_only" in refusal["message"]) == (400, True)
    del message["for_source_only"]
    assert front.helix("POST", "/chat/messages", message, token=own)[0] == 200


def test_messages_may_be_long_but_not_too_long_and_can_be_dropped(front: Front) -> None:
    message = {"broadcaster_id": "1001", "sender_id": "1000", "message": "x" * 500}
    sent = front.helix("POST", "/chat/messages", message)[1]["data"][0]
    assert sent["is_sent"]
    assert front.helix("POST", "/chat/messages", {**message, "message": "x" * 501})[0] == 422
    front.breaks("twitch", "dropped")
    dropped = front.helix("POST", "/chat/messages", message)[1]["data"][0]
    assert not dropped["is_sent"]
    assert dropped["drop_reason"]["code"] == "msg_rejected"


def test_moderators_messages_stay_and_viewers_can_be_deleted(front: Front) -> None:
    channel = a_channel()
    ana, max_ = (front.says(who, "twitch", "hi", channel=channel) for who in ("ana", "max"))
    path = f"/moderation/chat?broadcaster_id={channel}&moderator_id=1000&message_id="
    assert front.helix("DELETE", path + ana["message_id"])[0] == 204
    assert front.helix("DELETE", path + ana["message_id"])[0] == 404
    assert front.helix("DELETE", path + max_["message_id"])[0] == 400
    kinds = [reply["kind"] for reply in front.replies(channel) if reply["kind"] != "chat"]
    assert kinds == ["deleted"]


def test_users_are_found_by_login_and_id_and_can_be_whispered_to(front: Front) -> None:
    users = front.helix("GET", "/users?login=waddlebot&id=4100001")[1]["data"]
    assert [(user["id"], user["login"]) for user in users] == [
        ("4100001", "ana"),
        ("1001", "waddlebot"),
    ]
    to_ana = "/whispers?from_user_id=1000&to_user_id=4100001"
    assert front.helix("POST", to_ana, {"message": "psst"})[0] == 204
    (reply,) = front.call("GET", "/replies?on=twitch")[1]["replies"]
    assert (reply["kind"], reply["to"], reply["text"]) == ("private", "ana", "psst")


def test_errors_are_twitchs_own(front: Front) -> None:
    status, body, _ = front.helix("GET", "/users", token="wrong")
    assert (status, body["message"]) == (401, "Invalid OAuth token")
    nowhere = {"broadcaster_id": "nobody", "sender_id": "1000", "message": "x"}
    assert front.helix("POST", "/chat/messages", nowhere)[0] == 400


def test_a_subscription_is_enabled_once_the_challenge_came_back(front: Front) -> None:
    wanted = {
        "type": "channel.follow",
        "version": "2",
        "condition": {"broadcaster_user_id": "1001", "moderator_user_id": "1000"},
        "transport": {
            "method": "webhook",
            "callback": f"{front.url}/webhooks/twitch",
            "secret": KEYS["TWITCH_EVENTSUB_SECRET"],
        },
    }
    status, made, _ = front.helix("POST", "/eventsub/subscriptions", wanted)
    assert (status, made["data"][0]["status"]) == (202, "webhook_callback_verification_pending")
    assert front.helix("POST", "/eventsub/subscriptions", wanted)[0] == 409
    end = time.monotonic() + 3
    while time.monotonic() < end:
        (found,) = front.helix("GET", "/eventsub/subscriptions")[1]["data"]
        if found["status"] == "enabled":
            break
        time.sleep(0.02)
    assert found["status"] == "enabled"
    assert is_signed(front.bot.hooks[0])
    assert front.helix("DELETE", f"/eventsub/subscriptions?id={found['id']}")[0] == 204
