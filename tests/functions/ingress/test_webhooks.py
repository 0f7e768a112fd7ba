"""Through the handlers' front door: an API Gateway event in, an HTTP answer out.

Lambda is stood in for (it is not ours), the streams server is a real one.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import redis

from functions.ingress import discord_handler, slack_handler, twitch_handler
from functions.ingress.doors import serve
from functions.ingress.receive import Webhook
from tests.helpers import payloads
from tests.helpers.lambda_stand_in import Door
from tests.helpers.payloads import a_reply
from tests.helpers.slow_wire import slow_wire
from tests.helpers.webhooks import a_house, nobody, stored
from waddlebot.domain.events import Event
from waddlebot.platforms.wording import NOT_IN_TIME
from waddlebot.runtime.environment import Environment

FORM = "application/x-www-form-urlencoded"
NOBODY_LISTENS = "redis://127.0.0.1:1/0"
ON_SLACK = "slack:channel:T1/C1"


def routed(
    *texts: str, standing: str = "ours", passed_on: bool = False, private: bool = False
) -> Callable[[Door], None]:
    replies = [
        a_reply(text, entity=ON_SLACK, number=number, private=private)
        for number, text in enumerate(texts)
    ]
    result = {"standing": standing, "passed_on": passed_on, "replies": msgspec.to_builtins(replies)}

    def answer(door: Door) -> None:
        door.says({"results": [result]})

    return answer


def test_an_interaction_is_answered_inline(streams: redis.Redis, streams_server: str) -> None:
    taken_at = datetime.now(UTC)
    with a_house(routed("#1: Waddle on!"), streams_server) as house:
        answer = house.discord(payloads.a_slash_command(), taken_at=taken_at)
        [call] = house.router.seen
    assert answer["statusCode"] == 200
    assert answer["headers"] == {"content-type": "application/json"}
    assert json.loads(answer["body"])["data"]["content"] == "#1: Waddle on!"
    assert call.path.endswith("/functions/test-router%3Alive/invocations")
    [event] = msgspec.convert(json.loads(call.body)["events"], list[Event])
    assert event.asked_until is not None
    assert abs(event.asked_until - taken_at - timedelta(seconds=1.8)) < timedelta(seconds=0.01)
    assert stored(streams) == []


def test_a_body_in_base64_is_verified_as_it_was_signed(streams_server: str) -> None:
    with a_house(routed("ok"), streams_server) as house:
        answer = house.discord(payloads.a_slash_command(), as_base64=True)
    assert json.loads(answer["body"])["type"] == 4


def test_a_slack_command_is_answered_to_one_person_where_it_is_private(streams_server: str) -> None:
    with a_house(routed("psst", private=True), streams_server) as house:
        answer = house.slack(payloads.a_slack_form(), FORM)
    assert json.loads(answer["body"]) == {"response_type": "ephemeral", "text": "psst"}


def test_the_answer_of_a_router_that_is_a_release_behind_is_shown(streams_server: str) -> None:
    reply = msgspec.to_builtins(a_reply("#1: Waddle on!", entity=ON_SLACK))
    with a_house(
        lambda door: door.says({"v": 0, "results": [{"standing": "ours", "replies": [reply]}]}),
        streams_server,
    ) as house:
        answer = house.discord(payloads.a_slash_command())
    assert json.loads(answer["body"])["data"]["content"] == "#1: Waddle on!"


def test_what_was_passed_on_is_deferred(streams: redis.Redis, streams_server: str) -> None:
    with a_house(routed(passed_on=True), streams_server) as house:
        on_discord = house.discord(payloads.a_slash_command())
        on_slack = house.slack(payloads.a_slack_form(), FORM)
    assert json.loads(on_discord["body"]) == {"type": 5}
    assert (on_slack["statusCode"], on_slack["body"]) == (200, "")
    # Should the slow door die, the stream still knows of them.
    assert [event.is_asked for event in stored(streams)] == [False, False]


def test_what_is_not_answered_in_time_is_stored_and_deferred(
    streams: redis.Redis, streams_server: str
) -> None:
    def sleepy(door: Door) -> None:
        time.sleep(0.6)
        routed("too late")(door)

    with a_house(sleepy, streams_server) as house:
        asked_long_ago = datetime.now(UTC) - timedelta(seconds=1.5)
        answer = house.discord(payloads.a_slash_command(), taken_at=asked_long_ago)
    assert json.loads(answer["body"]) == {"type": 5}
    [event] = stored(streams)
    assert (event.id, event.is_asked) == ("discord:900", False)


def test_a_slow_streams_server_is_waited_for_where_a_router_died_early(
    streams: redis.Redis, streams_server: str
) -> None:
    def dead(door: Door) -> None:
        door.says({"errorType": "Runtime.ExitError"}, X_Amz_Function_Error="Unhandled")

    with slow_wire(streams_server, seconds=0.25) as slow, a_house(dead, slow) as house:
        answer = house.discord(payloads.a_slash_command())
    assert json.loads(answer["body"]) == {"type": 5}
    assert {event.id for event in stored(streams)} == {"discord:900"}


@pytest.mark.parametrize(
    "answer",
    [
        lambda door: door.says({"errorType": "KeyError"}, X_Amz_Function_Error="Unhandled"),
        lambda door: door.says({"results": []}),
        lambda door: door.says("rubbish"),
        lambda door: door.says({}, status=429),
        lambda door: door.says(
            {"errorType": "Unavailable", "errorMessage": "of a newer release"},
            X_Amz_Function_Error="Unhandled",
        ),
        lambda door: door.says({"v": 2, "results": [{"standing": "ours", "replies": []}]}),
        lambda door: door.says({"v": 2, "outcomes": []}),
    ],
    ids=["crashed", "nothing", "rubbish", "throttled", "older", "newer", "of other fields"],
)
def test_a_router_that_fails_loses_nothing(
    streams: redis.Redis, streams_server: str, answer: Callable[[Door], None]
) -> None:
    with a_house(answer, streams_server) as house:
        said = house.slack(payloads.a_slack_form(), FORM)
    assert (said["statusCode"], said["body"]) == (200, "")
    assert [event.id for event in stored(streams)] == ["slack:1.2.3"]


def test_a_sentence_is_said_where_nothing_else_is_left() -> None:
    with a_house(lambda door: door.says({}, status=500), NOBODY_LISTENS) as house:
        answer = house.discord(payloads.a_slash_command())
    data = json.loads(answer["body"])["data"]
    assert data["flags"] == 64
    assert "look again in a moment" in data["content"]


def test_a_repeated_question_gets_the_same_answer_or_none(streams_server: str) -> None:
    with a_house(routed("#1: Waddle on!", standing="done"), streams_server) as house:
        on_discord = house.discord(payloads.a_slash_command())
        on_slack = house.slack(payloads.a_slack_form(), FORM)
    assert json.loads(on_discord["body"])["data"]["content"] == "#1: Waddle on!"
    assert on_slack["body"] == ""


def test_a_question_that_somebody_else_answers_is_deferred(streams_server: str) -> None:
    with a_house(routed(standing="busy"), streams_server) as house:
        answer = house.discord(payloads.a_slash_command())
    assert json.loads(answer["body"]) == {"type": 5}


def test_told_events_are_stored_before_they_are_acknowledged(
    streams: redis.Redis, streams_server: str
) -> None:
    with a_house(nobody, streams_server) as house:
        on_slack = house.slack(payloads.a_slack_event(text="!quote"))
        on_twitch = house.twitch(payloads.a_twitch_line("!quote"))
    assert (on_slack["statusCode"], on_twitch["statusCode"]) == (200, 204)
    assert [event.id for event in stored(streams)] == [
        "slack:T1/C1/1793534399.000100",
        "twitch:line-1",
    ]


def test_told_events_come_again_while_the_streams_server_is_away() -> None:
    with a_house(nobody, NOBODY_LISTENS) as house:
        assert house.slack(payloads.a_slack_event(text="!quote"))["statusCode"] == 503
        assert house.twitch(payloads.a_twitch_line("!quote"))["statusCode"] == 503


def test_a_streams_server_that_hangs_is_waited_for_briefly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"redis://:secret@127.0.0.1:{silent.getsockname()[1]}/0"
        with a_house(routed(passed_on=True), address) as house:
            began = time.monotonic()
            told = house.slack(payloads.a_slack_event(text="!quote"))
            told_at = time.monotonic()
            asked = house.discord(payloads.a_slash_command())
            asked_at = time.monotonic()
    assert told["statusCode"] == 503
    assert told_at - began < 1.5
    assert NOT_IN_TIME in asked["body"]
    assert asked_at - told_at < 1.2


def test_what_is_no_event_is_answered_as_the_platform_wants(
    streams: redis.Redis, streams_server: str
) -> None:
    with a_house(nobody, streams_server) as house:
        pong = house.discord({"type": 1})
        challenge = house.twitch(b'{"challenge": "abc"}', "webhook_callback_verification")
        ignored = house.slack(payloads.a_slack_event(bot_id="B1", text="!quote"))
        revoked = house.twitch(b'{"subscription": {}}', "revocation")
    assert pong["body"] == '{"type":1}'
    assert (challenge["body"], challenge["headers"]) == ("abc", {"content-type": "text/plain"})
    assert (ignored["statusCode"], revoked["statusCode"]) == (200, 204)
    assert stored(streams) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"type": []}', b'"text"'])
def test_a_signed_but_broken_body_is_nobodys_fault(streams_server: str, body: bytes) -> None:
    with a_house(nobody, streams_server) as house:
        for answer in (house.discord(body), house.slack(body), house.twitch(body)):
            assert answer["statusCode"] < 500


def test_a_forged_body_is_refused_in_each_platforms_way(streams_server: str) -> None:
    body = payloads.a_twitch_line("!quote")
    with a_house(nobody, streams_server) as house:
        for build, headers, status in (
            (discord_handler.webhook, payloads.discord_headers(body), 401),
            (slack_handler.webhook, payloads.slack_headers(body), 401),
            (twitch_handler.webhook, payloads.twitch_headers(body), 403),
        ):
            forged = house.post(build, body + b" ", headers, taken_at=payloads.NOW)
            unsigned = house.post(build, body, {})
            assert (forged["statusCode"], unsigned["statusCode"]) == (status, status)
            assert json.loads(forged["body"])["success"] is False


def test_a_body_that_is_too_large_or_no_base64_is_refused(streams_server: str) -> None:
    with a_house(nobody, streams_server) as house:
        assert house.discord(b" " * (1 << 20) + b"{}")["statusCode"] == 413
        webhook = discord_handler.webhook(house.environment)
        broken = webhook.receive({"body": "?", "isBase64Encoded": True})
    assert broken["statusCode"] == 400


def test_importing_a_handler_loads_no_heavy_client() -> None:
    script = (
        "import sys\n"
        "from functions.ingress import discord_handler, slack_handler, twitch_handler\n"
        "heavy = ('redis', 'psycopg', 'boto3', 'pydantic', 'nacl', 'fastapi', 'asyncio')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert ran.stdout.strip() == b"[]"


@pytest.mark.parametrize(
    ("build", "name"),
    [
        (discord_handler.webhook, "DISCORD_PUBLIC_KEY"),
        (slack_handler.webhook, "SLACK_SIGNING_SECRET"),
        (twitch_handler.webhook, "TWITCH_EVENTSUB_SECRET"),
    ],
    ids=["discord", "slack", "twitch"],
)
@pytest.mark.parametrize("holds", ["not-set", ""])
def test_a_platform_whose_secret_is_not_set_is_told_to_come_again_and_nothing_is_believed(
    build: Callable[[Environment], Webhook],
    name: str,
    holds: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, holds)
    door = serve(build)
    body = payloads.a_twitch_line("hi")
    signed_with_what_it_holds = payloads.twitch_headers(body, datetime.now(UTC), secret=holds)

    answer = door({"headers": signed_with_what_it_holds, "body": body.decode()}, None)

    assert answer["statusCode"] == 503
    error = json.loads(answer["body"])["error"]
    assert error["code"] == "NOT_SET"
    assert error["message"].endswith(f"the operator has to set {name}.")
    assert name in capsys.readouterr().out

    monkeypatch.setenv(name, payloads.DISCORD_PUBLIC_KEY)
    assert door({"headers": {}, "body": "{}"}, None)["statusCode"] in (401, 403)
