"""What was found by trying gives what should come: through the webhooks, the stream, the API."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
import redis

from functions.ingress import slack_handler as slack_webhook
from functions.ingress import twitch_handler as twitch_webhook
from tests.helpers import payloads
from tests.helpers.found import names, payload_of
from tests.helpers.router_doors import BATCH, Doors, open_doors
from tests.helpers.servers import Urls
from tests.helpers.stand_ins import Front, served
from tests.helpers.stream_doors import left_by, route, told
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.events import Event, MessageType, Speaker
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.platforms.discord.events import read_gateway
from waddlebot.runtime.environment import Environment
from waddlebot.stores.keys import Partition
from waddlebot.stores.known_people import KnownPeople
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.reputation import Reputation
from waddlebot.stores.streams import decode_event
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

TWITCH = EntityId("twitch:channel:1001")
SLACK = EntityId("slack:channel:T0WADDLEBOT/C0GENERAL")
DISCORD = EntityId("discord:channel:201000000000000001/202000000000000001")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
OWN_ID = "77"
THEIRS = {"17_place_kept_stale", "18_discord_thread_greeting"}
"""Come by the stand-ins: tests/journey/test_found.py."""
HERE = {
    "02_twitch_me_command",
    "04_mention_hides_from_rule_discord",
    "04_mention_hides_from_rule_slack",
    "05_slack_file_share_text",
    "06_discord_forwarded",
    "07_discord_edited",
    "08_slack_connect_form",
    "09_slack_mention_by_bot",
    "10_slack_ssl_check",
    "11_slack_channel_link_without_name",
    "13_twitch_gift_counted_twice",
    "14_twitch_equal_bodies_other_ids",
    "15_api_year_one",
    "16_api_login_capitals",
}


@pytest.fixture
def slack_itself() -> Iterator[Front]:
    with served() as front:
        yield front


@dataclass(slots=True)
class World:
    """The doors of a house, with a moderator in each place, where "free nitro" is blocked."""

    doors: Doors
    database: Postgres
    streams: redis.Redis
    environment: Environment

    def posts(self, handler: Any, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        aws_event = {
            "version": "2.0",
            "headers": headers,
            "requestContext": {"timeEpoch": int(time.time() * 1000)},
            "body": body.decode(),
            "isBase64Encoded": False,
        }
        answer: dict[str, Any] = handler.webhook(self.environment).receive(aws_event)
        return answer

    def slack(self, body: bytes, kind: str = JSON) -> list[Event]:
        headers = payloads.slack_headers(body, datetime.now(UTC), content_type=kind)
        assert self.posts(slack_webhook, body, headers)["statusCode"] == 200
        return self.taken()

    def twitch(self, payload: Any, number: str = "") -> list[Event]:
        body = json.dumps(payload).encode()
        number = number or secrets.token_hex(8)
        headers = payloads.twitch_headers(body, datetime.now(UTC), message_id=number)
        assert self.posts(twitch_webhook, body, headers)["statusCode"] < 300
        return self.taken()

    def discord(self, frame: dict[str, Any]) -> list[Event]:
        now = datetime.now(UTC).isoformat()
        told_at = {key: now for key in frame["d"] if key.endswith("timestamp")}
        text = frame["d"]["content"].replace("<@BOT>", f"<@{OWN_ID}>")
        frame = {**frame, "op": 0, "d": {**frame["d"], **told_at, "content": text}}
        event = read_gateway(frame, own_id=OWN_ID).routed
        assert event is not None
        route(event)
        return [event]

    def taken(self) -> list[Event]:
        """What was stored is routed; a line that is looked at again comes again."""
        entries: Any = self.streams.xrange(Partition().events_stream())
        events = [decode_event(fields) for _, fields in entries]
        self.streams.delete(Partition().events_stream())
        if events:
            route(*events)
        return events

    def said(self) -> list[str]:
        return [one.text for one in left_by(self.streams) if isinstance(one, Reply)]

    def deleted(self) -> list[EntityId]:
        return [
            one.entity
            for one in left_by(self.streams)
            if isinstance(one, PlatformAction) and one.kind is ActionKind.DELETE_MESSAGE
        ]

    def is_against_the_rules(self) -> bool:
        return any("against the rules" in text for text in self.said())

    def lines(self) -> list[str]:
        return [row["text"] for row in self.database.write("SELECT text FROM messages")]


@pytest.fixture
def world(  # noqa: PLR0917 - fixtures
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    streams: redis.Redis,
    limits: redis.Redis,  # noqa: ARG001 - flushed
    slack_itself: Front,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[World]:
    for name in ("SLACK_BOT_TOKEN", "SLACK_API_URL"):
        monkeypatch.setenv(name, slack_itself.environment[name])
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        with editing(database, versions) as edit:
            here = Places(edit).join([TWITCH, SLACK, DISCORD], "Penguins")
            for place in (TWITCH, SLACK, DISCORD):
                Places(edit).greet(place)
                account = Account(platform_of(place), "max")
                MemberRoles(edit).give(here, account, Role.MODERATOR)
        environment = doors.functions.environment(
            VALKEY_STREAMS_URL=database_urls["VALKEY_STREAMS_URL"],
            SLACK_SIGNING_SECRET=payloads.SLACK_SECRET,
            TWITCH_EVENTSUB_SECRET=payloads.TWITCH_SECRET,
        )
        found = World(doors, database, streams, environment)
        for line in ("!addquote Waddle on!", '!rules add contains "free nitro" block'):
            route(told(line, entity=TWITCH, user=Speaker(id="max", name="Max")))
        assert len(found.said()) == 2
        streams.delete(Partition().replies_stream())
        yield found


def fresh(payload: dict[str, Any]) -> bytes:
    """Slack's envelope, as of now."""
    moment = f"{time.time():.6f}"
    event = {**payload["event"], "ts": moment, "event_ts": moment}
    return json.dumps({**payload, "event": event, "event_time": int(time.time())}).encode()


def test_each_file_has_its_test() -> None:
    assert names() <= HERE | THEIRS


def test_a_command_behind_me_is_answered_and_kept_as_it_was_meant(world: World) -> None:
    world.twitch(payload_of("02_twitch_me_command"))
    assert any("Waddle on!" in text for text in world.said())
    assert "!quote" in world.lines()
    assert not any("ACTION" in text for text in (*world.lines(), *world.said()))


@pytest.mark.parametrize(
    "name", ["04_mention_hides_from_rule_discord", "06_discord_forwarded", "07_discord_edited"]
)
def test_a_rule_acts_on_discord(world: World, name: str) -> None:
    world.discord(payload_of(name))
    assert world.deleted() == [DISCORD]
    assert world.is_against_the_rules()


def test_an_edit_is_still_no_command(world: World) -> None:
    frame = payload_of("07_discord_edited")
    world.discord({**frame, "d": {**frame["d"], "content": "!quote"}})
    assert left_by(world.streams) == []


@pytest.mark.parametrize("name", ["04_mention_hides_from_rule_slack", "05_slack_file_share_text"])
def test_a_rule_acts_on_slack(world: World, name: str) -> None:
    world.slack(fresh(payload_of(name)))
    assert world.is_against_the_rules()
    assert not any("Did you mean" in text for text in world.said())


def test_a_caption_is_a_command(world: World) -> None:
    payload = payload_of("05_slack_file_share_text")
    payload["event"]["text"] = "!quote"
    world.slack(fresh(payload))
    assert any("Waddle on!" in text for text in world.said())


def test_a_form_of_a_shared_channel_is_of_the_workspace_that_installed_the_app(
    world: World,
) -> None:
    form = urlencode({"payload": json.dumps(payload_of("08_slack_connect_form"))}).encode()
    [event] = world.slack(form, FORM)
    assert event.entity.startswith("slack:")
    assert "T0WADDLEBOT" in event.entity
    assert "T0OTHER" not in event.entity


@pytest.mark.parametrize("kind", ["app_mention", "message"])
@pytest.mark.parametrize(
    "who", [{"bot_id": "B0OTHER"}, {"app_id": "A0OTHER"}, {"user": "USLACKBOT"}]
)
def test_another_bot_is_not_answered(world: World, kind: str, who: dict[str, str]) -> None:
    payload = payload_of("09_slack_mention_by_bot")
    payload["event"].pop("bot_id")
    payload["event"] |= {"type": kind, **who}
    assert world.slack(fresh(payload)) == []
    assert left_by(world.streams) == []


def test_a_certificate_check_is_answered_and_nothing_is_done(world: World) -> None:
    body = payload_of("10_slack_ssl_check").encode()
    answer = world.posts(slack_webhook, body, {"content-type": FORM})
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert world.taken() == []
    more = world.posts(slack_webhook, body + b"&text=help", {"content-type": FORM})
    assert more["statusCode"] == 401


def test_a_channels_link_without_its_name_is_read_by_it(
    world: World, slack_itself: Front, cache: redis.Redis
) -> None:
    roll = slack_itself.says("ana", "slack", "hello", channel="roll")["channel"]
    payload = payload_of("11_slack_channel_link_without_name")
    payload["event"]["text"] = payload["event"]["text"].replace("C0ROLL", roll)
    world.slack(fresh(payload))
    assert any("rolled" in text for text in world.said())
    channel = Account("slack", roll)
    assert KnownPeople(cache).read((), [channel]).channels == {channel: "roll"}


def points(world: World, user: str) -> int:
    community = world.database.write(
        "SELECT community_id FROM entities WHERE entity_id = %s", (TWITCH,)
    )[0]["community_id"]
    return Reputation(world.database).score(community, Account("twitch", user)).here


def test_a_gift_of_five_is_five_gifts(world: World) -> None:
    told_of = [world.twitch(one) for one in payload_of("13_twitch_gift_counted_twice")]
    events = [one for those in told_of for one in those]
    assert [one.type for one in events] == [MessageType.GIFT_SUBSCRIPTION]
    assert events[0].data["total"] == 5
    assert points(world, "7001") == 300


def test_equal_bodies_with_ids_of_their_own_are_two_events(world: World) -> None:
    payload = payload_of("14_twitch_equal_bodies_other_ids")
    for number in ("Tjk1MDM1MTYtZRZ0=", "aGVsbG8gd29ybGQtYWU=", "aGVsbG8gd29ybGQtYWU="):
        world.twitch(payload, number)
    assert points(world, "7007") == 200


def test_an_event_of_year_one_hurts_itself_alone(world: World) -> None:
    answer = world.doors.asks(payload_of("15_api_year_one"), route=BATCH)
    assert answer.status == 200
    first, second = answer.body["results"]
    assert first["success"]
    assert second["error"]["code"] == "INVALID_FIELD"


def test_a_login_with_capitals_is_the_place_of_that_login(world: World, versions: Versions) -> None:
    with editing(world.database, versions) as edit:
        Places(edit).open(TWITCH, login="waddlebot")
    answer = world.doors.asks(payload_of("16_api_login_capitals"))
    assert any("Waddle on!" in text for text in answer.texts)
