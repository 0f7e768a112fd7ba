"""What leaves for the platforms, call by call, and what comes of their answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest

from tests.helpers.deliveries import (
    API,
    HELIX,
    ON_DISCORD,
    ON_SLACK,
    ON_TWITCH,
    TWITCH,
    an_interaction,
    to_discord,
    to_slack,
    to_twitch,
)
from tests.helpers.payloads import EXECUTION, NOW, a_reply, failed, ok, play
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, ResponseUrl
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms.delivering import SENT, Delivery, State, refused
from waddlebot.platforms.discord import send as discord
from waddlebot.platforms.emoji_names import TABLE
from waddlebot.platforms.slack import send as slack
from waddlebot.platforms.twitch import send as twitch
from waddlebot.platforms.twitch.api import StreamersLeave
from waddlebot.platforms.twitch.connecting import BROADCAST
from waddlebot_sdk import React
from waddlebot_sdk.emoji import is_emoji
from waddlebot_sdk.responses import from_wire


def a_deletion(entity: str) -> PlatformAction:
    return PlatformAction(
        id=f"{EXECUTION}0",
        kind=ActionKind.DELETE_MESSAGE,
        entity=EntityId(entity),
        message="901",
        reason="Sp\u00e4m",
    )


def a_timeout(entity: str) -> PlatformAction:
    return PlatformAction(
        id=f"{EXECUTION}1",
        kind=ActionKind.TIMEOUT,
        entity=EntityId(entity),
        user="55",
        seconds=600,
        reason="rule 3",
    )


def test_nothing_is_configured_without_a_token() -> None:
    assert discord.DiscordCredentials.find({}) is None
    assert slack.SlackCredentials.find({}) is None
    assert twitch.TwitchCredentials.find({}) is None


def test_a_line_on_discord_replies_and_pings_nobody() -> None:
    reply = a_reply("@everyone hi", entity=ON_DISCORD, way_back=Channel(message="901"))
    [call], delivered = play(to_discord(reply), ok(id="1"))
    assert (call.method, call.url) == ("POST", f"{API}/channels/20/messages")
    assert call.headers["authorization"] == "Bot t"
    assert call.json == {
        "content": "@\u200beveryone hi",
        "allowed_mentions": {"parse": [], "replied_user": False},
        "nonce": f"{EXECUTION}0",
        "enforce_nonce": True,
        "message_reference": {"message_id": "901", "fail_if_not_exists": False},
    }
    assert delivered == SENT


def test_a_private_answer_on_discord_goes_by_direct_message() -> None:
    reply = a_reply(entity=ON_DISCORD, private=True)
    calls, delivered = play(to_discord(reply), ok(id="66"), ok(id="1"))
    assert calls[0].json == {"recipient_id": "30"}
    assert calls[1].url == f"{API}/channels/66/messages"
    assert delivered == SENT


def test_a_closed_inbox_is_said_in_the_channel_without_the_secret() -> None:
    reply = a_reply("your code is 123", entity=ON_DISCORD, private=True)
    closed = failed(403, code=50007)
    calls, delivered = play(to_discord(reply), ok(id="66"), closed, ok(id="1"))
    assert calls[2].url == f"{API}/channels/20/messages"
    assert calls[2].json is not None
    assert calls[2].json["content"].startswith("Ana: I cannot write to you privately.")
    assert "123" not in str(calls[2].json)
    assert delivered == SENT


LOADING = [
    pytest.param(ok(flags=1 << 7), id="a deferred message"),
    pytest.param(failed(404, code=10008), id="no message yet"),
]


@pytest.mark.parametrize("original", LOADING)
def test_the_first_answer_fills_in_what_was_deferred(original: Any) -> None:
    reply = a_reply(entity=ON_DISCORD, way_back=an_interaction())
    calls, delivered = play(to_discord(reply), original, ok(id="1"))
    path = f"{API}/webhooks/77/tok/messages/@original"
    assert [(call.method, call.url) for call in calls] == [("GET", path), ("PATCH", path)]
    assert delivered == SENT


def test_an_inline_answer_is_followed_not_overwritten() -> None:
    reply = a_reply(entity=ON_DISCORD, way_back=an_interaction())
    calls, _ = play(to_discord(reply), ok(flags=0), ok(id="1"))
    assert (calls[1].method, calls[1].url) == ("POST", f"{API}/webhooks/77/tok")


def test_later_answers_and_those_to_buttons_are_follow_ups() -> None:
    second = a_reply(entity=ON_DISCORD, number=1, way_back=an_interaction())
    to_button = a_reply(entity=ON_DISCORD, way_back=an_interaction(component=True), private=True)
    for reply in (second, to_button):
        [call], delivered = play(to_discord(reply), ok(id="1"))
        assert call.url == f"{API}/webhooks/77/tok"
        assert call.json is not None
        assert call.json.get("flags") == (64 if reply.private else None)
        assert delivered == SENT


def test_a_follow_up_that_beats_its_deferral_is_tried_again() -> None:
    reply = a_reply(entity=ON_DISCORD, number=1, way_back=an_interaction(asked_ago=1))
    _, delivered = play(to_discord(reply), failed(404, code=10015))
    assert delivered.state is State.AGAIN
    assert delivered.wait_seconds < 3


@pytest.mark.parametrize("asked_ago", [20, 16 * 60])
def test_a_dead_token_leaves_the_channel(asked_ago: float) -> None:
    reply = a_reply(entity=ON_DISCORD, number=1, way_back=an_interaction(asked_ago=asked_ago))
    answers = [ok(id="1")] if asked_ago > 900 else [failed(404, code=10015), ok(id="1")]
    calls, delivered = play(to_discord(reply), *answers)
    assert calls[-1].url == f"{API}/channels/20/messages"
    assert calls[-1].json is not None
    assert calls[-1].json["content"] == "Ana: Waddle on!"
    assert delivered == SENT


def test_a_deletion_on_discord_says_why_and_bears_being_late() -> None:
    [call], delivered = play(to_discord(a_deletion(ON_DISCORD)), failed(404, code=10008))
    assert (call.method, call.url) == ("DELETE", f"{API}/channels/20/messages/901")
    assert call.headers["x-audit-log-reason"] == "Sp%C3%A4m"
    assert delivered == SENT


def test_a_time_out_on_discord_ends_by_itself_and_says_why() -> None:
    [call], delivered = play(to_discord(a_timeout(ON_DISCORD)), ok(id="55"))
    assert (call.method, call.url) == ("PATCH", f"{API}/guilds/10/members/55")
    until = (NOW + timedelta(minutes=10)).isoformat()
    assert call.json == {"communication_disabled_until": until}
    assert call.headers["x-audit-log-reason"] == "rule%203"
    assert delivered == SENT
    _, refused = play(to_discord(a_timeout(ON_DISCORD)), failed(403, code=50013))
    assert refused.reason == "WaddleBot cannot time people out in <#20>: give it Moderate Members."


def test_a_time_out_on_twitch_is_a_ban_with_an_end() -> None:
    [call], delivered = play(to_twitch(a_timeout(ON_TWITCH)), ok(data=[]))
    assert (call.method, call.url) == (
        "POST",
        f"{HELIX}/moderation/bans?broadcaster_id=1001&moderator_id=9999",
    )
    assert call.json == {"data": {"user_id": "55", "duration": 600, "reason": "rule 3"}}
    assert delivered == SENT
    _, refused = play(to_twitch(a_timeout(ON_TWITCH)), failed(403))
    assert "moderator:manage:banned_users" in refused.reason


def an_action(kind: ActionKind, entity: str, **fields: Any) -> PlatformAction:
    return PlatformAction(id=f"{EXECUTION}a", kind=kind, entity=EntityId(entity), **fields)


def test_what_is_so_already_is_done() -> None:
    for kind, code in ((ActionKind.UNBAN, 10026), (ActionKind.KICK, 10007)):
        _, delivered = play(
            to_discord(an_action(kind, ON_DISCORD, user="55")), failed(404, code=code)
        )
        assert delivered == SENT
    for kind, words in (
        (ActionKind.BAN, "The user specified in the user_id field is already banned."),
        (ActionKind.UNBAN, "The user is not banned."),
    ):
        action = an_action(kind, ON_TWITCH, user="55")
        _, delivered = play(to_twitch(action), failed(400, message=words))
        assert delivered == SENT


def test_on_discord_nobody_who_moderates_is_acted_on_for_somebody_else() -> None:
    everybody = {"id": "10", "permissions": "0"}
    kicks = {"id": "7", "permissions": str(1 << 1)}
    server = ok(id="10", owner_id="1", roles=[everybody, kicks])
    action = an_action(ActionKind.BAN, ON_DISCORD, user="55", asked_by="9")
    calls, delivered = play(to_discord(action), ok(roles=["7"]), server)
    assert [call.method for call in calls] == ["GET", "GET"]
    assert "do it by hand" in delivered.reason
    calls, delivered = play(to_discord(action), ok(roles=[]), server, failed(204))
    assert (calls[-1].method, calls[-1].url) == ("PUT", f"{API}/guilds/10/bans/55")
    assert delivered == SENT
    owner = an_action(ActionKind.KICK, ON_DISCORD, user="1", asked_by="9")
    assert "do it by hand" in play(to_discord(owner), ok(roles=[]), server)[1].reason
    stranger, gone = failed(404, code=10007), failed(204)
    assert play(to_discord(action), stranger, gone)[1] == SENT


def test_on_twitch_a_person_is_found_by_login() -> None:
    action = an_action(ActionKind.SHOUT_OUT, ON_TWITCH, user="@Ana")
    calls, delivered = play(to_twitch(action), ok(data=[{"id": "55"}]), failed(204))
    assert calls[0].url == f"{HELIX}/users?login=ana"
    assert "to_broadcaster_id=55" in calls[1].url
    assert delivered == SENT
    assert "nobody called Ana" in play(to_twitch(action), ok(data=[]))[1].reason
    words = "The broadcaster is not streaming live or does not have one or more viewers."
    off_air = play(to_twitch(action), ok(data=[{"id": "55"}]), failed(400, message=words))[1]
    assert (
        off_air.reason == "Twitch gives its own shoutout while you are live and somebody watches."
    )


LEAVE = StreamersLeave(user_id="1001", token="streamers", scopes=frozenset({BROADCAST}))


def changing(kind: ActionKind, text: str, leave: StreamersLeave | None = LEAVE) -> Delivery:
    assert TWITCH is not None
    credentials = replace(TWITCH, streamer=leave)
    channel = EntityId("twitch:channel:1001")
    action = PlatformAction(id=f"{EXECUTION}a", kind=kind, entity=channel, text=text)
    return twitch.deliver(action, credentials, now=NOW)


def test_on_twitch_a_stream_is_titled_with_the_token_of_its_streamer() -> None:
    [call], delivered = play(changing(ActionKind.SET_TITLE, "Waddling"), failed(204))
    assert (call.method, call.url) == ("PATCH", f"{HELIX}/channels?broadcaster_id=1001")
    assert call.json == {"title": "Waddling"}
    assert call.headers["authorization"] == "Bearer streamers"
    assert delivered == SENT


def test_on_twitch_no_game_is_set_but_the_one_that_was_named() -> None:
    known = ok(data=[{"id": "1", "name": "Celeste Classic"}, {"id": "2", "name": "Celeste"}])
    calls, delivered = play(changing(ActionKind.SET_GAME, "celeste"), known, failed(204))
    assert calls[0].url == f"{HELIX}/search/categories?query=celeste&first=100"
    assert (calls[1].json, delivered) == ({"game_id": "2"}, SENT)
    _, delivered = play(changing(ActionKind.SET_GAME, "celest"), known)
    assert delivered.reason.endswith("'celest'. It knows: Celeste, Celeste Classic.")
    _, delivered = play(changing(ActionKind.SET_GAME, "x"), ok(data=[]))
    assert delivered.reason.endswith("'x'. Write it as it stands there.")


def test_on_twitch_a_game_is_found_as_phones_and_other_machines_write_it() -> None:
    known = ok(data=[{"id": "1", "name": "Baldur's Gate 3"}, {"id": "2", "name": "Pok\u00e9mon"}])
    for typed, game in (("baldur\u2019s gate 3", "1"), ("Poke\u0301mon", "2")):
        calls, delivered = play(changing(ActionKind.SET_GAME, typed), known, failed(204))
        assert (calls[1].json, delivered) == ({"game_id": game}, SENT)
    many = ok(data=[{"id": str(n), "name": f"A Rust {n}"} for n in range(9)])
    far = many.json["data"] + [{"id": "9", "name": "Rust Hour"}]
    _, delivered = play(changing(ActionKind.SET_GAME, "rust hou"), ok(data=far))
    assert "It knows: Rust Hour, " in delivered.reason


def test_on_twitch_a_stream_is_changed_for_nobody_who_was_not_allowed_it() -> None:
    unticked = StreamersLeave(user_id="1001", token="t", scopes=frozenset())
    for leave in (None, unticked, replace(LEAVE, user_id="1002")):
        with pytest.raises(StopIteration) as ended:  # nothing is asked of Twitch
            next(changing(ActionKind.SET_TITLE, "Mine", leave))
        assert ended.value.value.state is State.REFUSED
        assert "they tick it on the page" in ended.value.value.reason
    _, delivered = play(changing(ActionKind.SET_TITLE, "Mine"), failed(401))
    assert "they tick it on the page" in delivered.reason
    _, delivered = play(changing(ActionKind.SET_TITLE, "Mine"), failed(400, message="Too long"))
    assert delivered.reason == "Twitch refused to change it: Too long (400)."
    for status in (429, 503):
        _, delivered = play(changing(ActionKind.SET_TITLE, "Mine"), failed(status))
        assert delivered.state is State.AGAIN


def test_an_emoji_is_put_to_a_line_and_taken_away() -> None:
    react = an_action(ActionKind.REACT, ON_DISCORD, message="901", text="⏳")
    [call], delivered = play(to_discord(react), failed(204))
    path = f"{API}/channels/20/messages/901/reactions/%E2%8F%B3/@me"
    assert (call.method, call.url, delivered) == ("PUT", path, SENT)
    gone = an_action(ActionKind.END_REACTION, ON_SLACK, message="1.5", text="⏳")
    [call], delivered = play(to_slack(gone), failed(200, ok=False, error="no_reaction"))
    assert call.url.endswith("/reactions.remove")
    assert call.json == {"channel": "C1", "timestamp": "1.5", "name": "hourglass_flowing_sand"}
    assert delivered == SENT


@pytest.mark.parametrize(
    ("text", "on_slack", "on_discord"),
    [
        ("🎂", "birthday", "🎂"),
        ("👍🏽", "+1::skin-tone-4", "👍🏽"),
        ("❤️", "heart", "❤️"),
        ("❤", "heart", "❤"),
        ("🇩🇪", "de", "🇩🇪"),
        ("👩‍🚀", "female-astronaut", "👩‍🚀"),
        ("7️⃣", "seven", "7️⃣"),
        (":birthday:", "birthday", "🎂"),
        (":party_parrot:", "party_parrot", ":party_parrot:"),
    ],
)
def test_an_emoji_is_the_same_on_every_platform(text: str, on_slack: str, on_discord: str) -> None:
    """As a module says it."""
    [said] = from_wire({"response_action": "react", "emoji": text})
    assert said == React(text)

    react = an_action(ActionKind.REACT, ON_SLACK, message="1.5", text=text)
    [call], delivered = play(to_slack(react), ok(ok=True))
    assert call.json
    assert (call.json["name"], delivered) == (on_slack, SENT)

    react = an_action(ActionKind.REACT, ON_DISCORD, message="901", text=text)
    [call], _ = play(to_discord(react), failed(204))
    assert unquote(call.url).endswith(f"/reactions/{on_discord}/@me")


def test_an_emoji_that_slack_does_not_have_is_refused_with_its_name() -> None:
    of_discord = "<:wave:301000000000000002>"
    react = an_action(ActionKind.REACT, ON_SLACK, message="1.5", text=of_discord)
    with pytest.raises(StopIteration) as ended:  # nobody is asked
        next(to_slack(react))
    assert ended.value.value == refused(f"Slack has no emoji {of_discord}.")
    react = an_action(ActionKind.REACT, ON_DISCORD, message="901", text=of_discord)
    [call], _ = play(to_discord(react), failed(204))
    assert unquote(call.url).endswith(f"/reactions/{of_discord}/@me")

    react = an_action(ActionKind.REACT, ON_SLACK, message="1.5", text=":nothing_of_theirs:")
    _, delivered = play(to_slack(react), failed(200, ok=False, error="invalid_name"))
    assert delivered == refused("Slack has no emoji :nothing_of_theirs:.")


def test_every_emoji_of_the_table_is_one_that_a_module_may_say() -> None:
    rows = [row.split() for row in TABLE.read_text("utf-8").splitlines() if row[0] != "#"]
    emoji = ["".join(chr(int(one, 16)) for one in code.split("-")) for code, *_ in rows]

    assert len(emoji) > 1800
    assert [one for one in emoji if not is_emoji(one)] == []


def test_an_emoji_that_is_a_path_leads_nowhere_else() -> None:
    react = an_action(ActionKind.REACT, ON_DISCORD, message="901", text="../../../thread-members")
    [call], _ = play(to_discord(react), failed(400, code=10014))
    assert call.url.startswith(f"{API}/channels/20/messages/901/reactions/")
    assert call.url.count("/") == f"{API}/channels/20/messages/901/reactions/emoji/@me".count("/")


def test_a_missing_right_on_discord_is_named() -> None:
    _, delivered = play(to_discord(a_deletion(ON_DISCORD)), failed(403, code=50013))
    assert delivered.state is State.REFUSED
    assert delivered.reason == "WaddleBot cannot delete messages in <#20>: give it Manage Messages."


def test_a_line_on_slack_is_escaped_and_stays_in_its_thread() -> None:
    reply = a_reply("a < b & <@U2>", entity=ON_SLACK, way_back=Channel(message="2", thread="1"))
    [call], delivered = play(to_slack(reply), ok(ok=True))
    assert call.url == "https://slack.com/api/chat.postMessage"
    assert call.json is not None
    assert call.json["text"] == "a &lt; b &amp; &lt;@U2&gt;"
    assert (call.json["channel"], call.json["thread_ts"]) == ("C1", "1")
    assert delivered == SENT


def test_a_private_answer_on_slack_is_shown_to_one() -> None:
    reply = a_reply(entity=ON_SLACK, private=True, user="U1")
    calls, _ = play(
        to_slack(reply), failed(200, ok=False, error="user_not_in_channel"), ok(ok=True)
    )
    assert calls[0].url.endswith("/chat.postEphemeral")
    assert calls[0].json is not None
    assert calls[0].json["user"] == "U1"
    assert calls[1].json is not None
    assert calls[1].json["channel"] == "U1"


def answer_url(
    url: str = "https://hooks.slack.com/commands/1", *, minutes: int = 30
) -> ResponseUrl:
    return ResponseUrl(url=url, until=NOW + timedelta(minutes=minutes))


def test_a_slash_command_is_answered_at_its_address() -> None:
    reply = a_reply(entity=ON_SLACK, way_back=answer_url())
    [call], delivered = play(to_slack(reply), ok())
    assert call.url == "https://hooks.slack.com/commands/1"
    assert "authorization" not in call.headers
    assert call.json is not None
    assert call.json["response_type"] == "in_channel"
    assert delivered == SENT


def test_a_used_up_address_leaves_the_channel() -> None:
    reply = a_reply(entity=ON_SLACK, way_back=answer_url())
    calls, delivered = play(to_slack(reply), failed(404, ok=False, error="used_url"), ok(ok=True))
    assert calls[1].json is not None
    assert calls[1].json["text"] == "Ana: Waddle on!"
    assert delivered == SENT


@pytest.mark.parametrize(
    "way_back",
    [
        answer_url("https://evil.example/x"),
        answer_url("https://hooks.slack.com@evil.example/x"),
        answer_url("http://hooks.slack.com/x"),
        answer_url(minutes=-1),
    ],
)
def test_no_other_address_is_ever_called(way_back: ResponseUrl) -> None:
    [call], _ = play(to_slack(a_reply(entity=ON_SLACK, way_back=way_back)), ok(ok=True))
    assert call.url == "https://slack.com/api/chat.postMessage"


def test_slack_itself_is_not_called_where_its_api_is_elsewhere() -> None:
    elsewhere = {"SLACK_BOT_TOKEN": "t", "SLACK_API_URL": "http://127.0.0.1:8000/slack/api"}
    credentials = slack.SlackCredentials.find(elsewhere)
    assert credentials is not None
    reply = a_reply(entity=ON_SLACK, way_back=answer_url())
    [call], _ = play(slack.deliver(reply, credentials, now=NOW), ok(ok=True))
    assert call.url == "http://127.0.0.1:8000/slack/api/chat.postMessage"


def test_slack_does_not_delete_other_peoples_lines() -> None:
    with pytest.raises(StopIteration) as done:
        next(to_slack(a_deletion(ON_SLACK)))
    assert done.value.value.state is State.REFUSED


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("not_in_channel", "type /invite"),
        ("is_archived", "archived"),
        ("missing_scope", "scope chat:write"),
        ("token_revoked", "connect WaddleBot again"),
        ("something_new", "something_new"),
    ],
)
def test_refusals_of_slack_say_what_to_do(error: str, words: str) -> None:
    _, delivered = play(to_slack(a_reply(entity=ON_SLACK)), failed(200, ok=False, error=error))
    assert delivered.state is State.REFUSED
    assert words in delivered.reason


def test_a_line_on_twitch_is_one_line_and_no_command() -> None:
    reply = a_reply(" /ban ana\nnow", entity=ON_TWITCH, way_back=Channel(message="line-1"))
    [call], delivered = play(to_twitch(reply), ok(data=[{"is_sent": True}]))
    assert call.url == f"{HELIX}/chat/messages"
    assert call.headers["client-id"] == "c"
    assert call.json == {
        "broadcaster_id": "1001",
        "sender_id": "9999",
        "message": "ban ana now",
        "for_source_only": True,
        "reply_parent_message_id": "line-1",
    }
    assert delivered == SENT


def test_where_only_an_apps_token_may_keep_a_line_at_home_it_is_said_all_the_same() -> None:
    reply = a_reply("hello", entity=ON_TWITCH)
    refusal = failed(400, message="The parameter for_source_only needs an app access token.")
    calls, delivered = play(to_twitch(reply), refusal, ok(data=[{"is_sent": True}]))
    assert [call.json and "for_source_only" in call.json for call in calls] == [True, False]
    assert delivered == SENT


def test_a_private_answer_on_twitch_is_whispered() -> None:
    reply = a_reply(entity=ON_TWITCH, private=True, user="42")
    [call], delivered = play(to_twitch(reply), failed(204))
    assert call.url == f"{HELIX}/whispers?from_user_id=9999&to_user_id=42"
    assert delivered == SENT


def test_a_whisper_is_answered_by_a_whisper_or_not_at_all() -> None:
    reply = a_reply(entity="twitch:channel:whisper-42", user="42")
    [call], delivered = play(to_twitch(reply), failed(403, message="no"))
    assert call.url == f"{HELIX}/whispers?from_user_id=9999&to_user_id=42"
    assert delivered.state is State.REFUSED


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_whisper_goes_to_chat_naming_the_person(status: int) -> None:
    reply = a_reply(entity=ON_TWITCH, private=True, user="42")
    calls, delivered = play(to_twitch(reply), failed(status), ok(data=[{"is_sent": True}]))
    assert calls[1].json is not None
    assert calls[1].json["message"] == "Ana: Waddle on!"
    assert delivered == SENT


def test_a_dropped_line_on_twitch_is_a_refusal() -> None:
    dropped = {"is_sent": False, "drop_reason": {"code": "x", "message": "Held by AutoMod."}}
    _, delivered = play(to_twitch(a_reply(entity=ON_TWITCH)), ok(data=[dropped]))
    assert delivered.state is State.REFUSED
    assert "Held by AutoMod." in delivered.reason


def test_a_deletion_on_twitch_is_one_call() -> None:
    [call], delivered = play(to_twitch(a_deletion(ON_TWITCH)), failed(204))
    assert call.method == "DELETE"
    assert call.url == (
        f"{HELIX}/moderation/chat?broadcaster_id=1001&moderator_id=9999&message_id=901"
    )
    assert delivered == SENT


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "3"}, {}, 3.0),
        ({}, {"retry_after": 0.7}, 0.7),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 20)}, {}, 20.0),
        ({"retry-after": "soon"}, {}, 2.0),
        ({"retry-after": "-5"}, {}, 0.1),
    ],
)
@pytest.mark.parametrize(
    ("deliver", "entity"),
    [(to_discord, ON_DISCORD), (to_slack, ON_SLACK), (to_twitch, ON_TWITCH)],
)
def test_too_many_messages_wait_as_long_as_the_platform_says(
    deliver: Any, entity: str, headers: dict[str, str], body: dict[str, Any], seconds: float
) -> None:
    _, delivered = play(deliver(a_reply(entity=entity)), failed(429, headers, **body))
    assert (delivered.state, delivered.wait_seconds) == (State.AGAIN, seconds)


@pytest.mark.parametrize("status", [0, 500, 503])
@pytest.mark.parametrize(
    ("deliver", "entity"),
    [(to_discord, ON_DISCORD), (to_slack, ON_SLACK), (to_twitch, ON_TWITCH)],
)
def test_a_platform_that_is_not_well_is_tried_again(deliver: Any, entity: str, status: int) -> None:
    _, delivered = play(deliver(a_reply(entity=entity)), failed(status))
    assert delivered.state is State.AGAIN


@pytest.mark.parametrize("body", [None, [], "text", {"data": "x", "code": [], "message": {}}])
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404])
@pytest.mark.parametrize(
    ("deliver", "entity"),
    [(to_discord, ON_DISCORD), (to_slack, ON_SLACK), (to_twitch, ON_TWITCH)],
)
def test_strange_answers_are_judged_by_their_status(
    deliver: Any, entity: str, status: int, body: Any
) -> None:
    from waddlebot.platforms.delivering import HttpAnswer

    answer = HttpAnswer(status=status, json=body)
    _, delivered = play(deliver(a_reply(entity=entity)), answer)
    assert delivered.state is (State.SENT if status == 200 else State.REFUSED)
