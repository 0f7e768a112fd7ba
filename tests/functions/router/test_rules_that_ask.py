"""A rule asks somebody else's server about a line: nobody waits for it, and it acts afterwards."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import redis

from functions.router import slow_handler, stream_handler
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.servers import Urls
from tests.helpers.service_stand_in import HOST, Handler, Service, always, serving
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.signatures import secret_for
from waddlebot.stores.keys import Partition
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import decode_outgoing
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

__all__ = ["logging_restored"]  # a fixture

MAX = a_speaker("Max", Role.MODERATOR)
WATCHERS = EntityId("discord:channel:10/99")
ADDRESS = f"https://{HOST}/line"
KEY = "the house's own key"


@dataclass(slots=True)
class House:
    doors: Doors
    database: Postgres
    streams: redis.Redis
    service: Service
    seen_slow: int = 0

    def routes(self, *events: Event) -> list[Any]:
        payload = json.loads(
            msgspec.json.encode({"v": 1, "events": events, "owner": secrets.token_hex(8)})
        )
        results: list[Any] = stream_handler.handler(payload, AwsContext())["results"]
        return results

    def says(self, text: str, **fields: Any) -> Event:
        event = an_event(text, **{"occurred_at": datetime.now(UTC), **fields})
        self.routes(event)
        return event

    def passed_on(self) -> list[dict[str, Any]]:
        """What the slow door was newly called with."""
        calls = [one for one in self.doors.functions.seen if one.function == "router-asking"]
        new, self.seen_slow = calls[self.seen_slow :], len(calls)
        return [json.loads(one.body) for one in new]

    def run_slow(self) -> int:
        """How many calls the slow door made."""
        answers = (slow_handler.handler(one, AwsContext(60)) for one in self.passed_on())
        return sum(answer["ran"] for answer in answers)

    def left(self) -> list[Outgoing]:
        name = Partition().replies_stream()
        found = [decode_outgoing(fields) for _, fields in self.streams.xrange(name)]
        self.streams.xtrim(name, maxlen=0)
        return found

    def texts(self) -> list[str]:
        return [one.text for one in self.left() if isinstance(one, Reply)]

    def adds(self, rule: str) -> str:
        """The answer, after the greeting."""
        self.says(f"!rules add {rule}", user=MAX)
        return self.texts()[-1]


Serve = Callable[..., House]


@pytest.fixture
def serve(  # noqa: PLR0917 - fixtures
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    cache: redis.Redis,  # noqa: ARG001 - flushed
    streams: redis.Redis,
    limits: redis.Redis,  # noqa: ARG001 - flushed
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Serve]:
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        monkeypatch.setenv("WADDLEBOT_SIGNING_KEY", KEY)

        def start(service: Service) -> House:
            monkeypatch.setenv("WADDLEBOT_OUTSIDE_STAND_INS", f"{HOST}={service.origin}")
            house = House(doors, database, streams, service)
            house.says("hello everybody")
            assert "Added rule 1" in house.adds(f'contains "nitro" webhook {ADDRESS}')
            with editing(database, versions) as edit:
                Places(edit).open(WATCHERS)
            with database.writer() as connection:
                connection.execute(
                    """
                    UPDATE entities SET community_id = ours.community_id
                    FROM entities AS ours WHERE entities.entity_id = %(there)s
                        AND ours.entity_id <> %(there)s
                    """,
                    {"there": WATCHERS},
                )
                connection.execute(
                    "UPDATE communities SET moderators_channel = %s, version = 'changed'",
                    (WATCHERS,),
                )
            house.left()
            return house

        yield start


def kinds(found: list[Outgoing]) -> list[str]:
    return [
        str(one.kind.value) if isinstance(one, PlatformAction) else f"said {one.text}"
        for one in found
    ]


def test_a_line_is_handed_over_behind_its_back_and_what_is_said_of_it_is_done(serve: Serve) -> None:
    with serving(always(b'{"action": "block", "text": "No adverts."}')) as service:
        house = serve(service)
        event = house.says("free nitro", message="m7")
        assert (house.left(), service.seen) == ([], []), "nothing has waited for the server"
        assert house.run_slow() == 1
        assert not [one for one in house.doors.functions.seen if one.function == "router-slow"]

    [seen] = service.seen
    line = json.loads(seen.body)
    assert line["type"] == "string_match"
    assert line["rule"] == {"id": 1, "match": "contains", "pattern": "nitro"}
    assert (line["texts"], line["message_id"]) == (["free nitro"], "m7")
    assert (line["user"]["name"], line["entity"]["id"]) == ("Ana", event.entity)
    deleted, notice, told = house.left()
    assert isinstance(deleted, PlatformAction)
    assert (deleted.kind, deleted.message) == (ActionKind.DELETE_MESSAGE, "m7")
    assert isinstance(told, Reply)
    assert (told.text, told.private, told.user) == ("No adverts.", True, event.user.id)  # type: ignore[union-attr]
    assert isinstance(notice, Reply)
    assert (notice.entity, "rule 1" in notice.text) == (WATCHERS, True)
    assert seen.headers["webhook-id"] == deleted.execution_id


@pytest.mark.parametrize("gone", ["!rules undo", "!rules off 1"])
@pytest.mark.parametrize("action", ["block", "warn", "reply"])
def test_what_a_server_says_for_a_rule_that_is_gone_by_then_is_not_done(
    serve: Serve, gone: str, action: str
) -> None:
    def while_it_thinks(handler: Handler, _number: int) -> None:
        house.says(gone, user=MAX)
        handler.says(json.dumps({"action": action, "text": "No adverts."}).encode())

    with serving(while_it_thinks) as service:
        house = serve(service)
        house.says("free nitro", message="m7")
        assert house.run_slow() == 1
    assert len(service.seen) == 1
    [told] = house.left()
    assert isinstance(told, Reply)
    assert "rule 1" in told.text.lower(), "that it is gone, and nothing else"
    assert "No adverts." not in told.text


def test_of_a_server_that_fails_for_a_rule_that_is_gone_by_then_nobody_is_told(
    serve: Serve,
) -> None:
    def fail(handler: Handler, number: int) -> None:
        if number == 5:
            house.says("!rules off 1", user=MAX)
        handler.says(b"", 500)

    with serving(fail) as service:
        house = serve(service)
        for _ in range(2):
            house.says("free nitro")
            house.run_slow()
    assert len(service.seen) == 5
    [told] = house.left()
    assert isinstance(told, Reply)
    assert "fails" not in told.text


@pytest.mark.parametrize(
    ("says", "done"),
    [
        (b"", []),
        (b'{"action": "allow", "text": "fine"}', []),
        (
            b'{"action": "warn"}',
            ["said Careful: what you wrote may be against the rules of this community."],
        ),
        (b'{"action": "warn", "text": "Hm."}', ["said Hm."]),
        (b'{"action": "reply", "text": "Hello @everyone"}', ["said Hello @everyone"]),
        (b'{"action": "ban"}', []),
        (b"no JSON", []),
    ],
)
def test_what_the_server_may_say(serve: Serve, says: bytes, done: list[str]) -> None:
    with serving(always(says)) as service:
        house = serve(service)
        house.says("free nitro")
        assert house.run_slow() == 1
    assert kinds(house.left()) == done


def test_one_event_is_one_delivery_however_often_it_comes(serve: Serve) -> None:
    with serving(always(b'{"action": "reply", "text": "once"}')) as service:
        house = serve(service)
        event = house.says("free nitro")
        [payload] = house.passed_on()
        for _ in range(2):
            house.routes(event)
        ran = [slow_handler.handler(payload, AwsContext(60))["ran"] for _ in range(2)]
        house.routes(event)
        assert (ran, house.run_slow()) == ([1, 0], 0)
    assert len(service.seen) == 1
    assert house.texts() == ["once"]


def test_a_command_in_the_line_is_answered_before_the_server_is_asked(serve: Serve) -> None:
    def slow(handler: Handler, _number: int) -> None:
        handler.service.released.wait(30)

    with serving(slow) as service:
        house = serve(service)
        house.says("!help nitro")
        assert "There is no 'nitro' here" in house.texts()[0]
        assert service.seen == []
        assert len(house.passed_on()) == 1


def test_quiet_lines_and_those_of_moderators_go_nowhere(serve: Serve) -> None:
    with serving(always()) as service:
        house = serve(service)
        house.says("a quiet line")
        house.says("free nitro", user=MAX)
        house.says("free nitro", private=True)
        assert house.passed_on() == []


def test_a_secret_is_shown_to_nobody(serve: Serve) -> None:
    with serving(always()) as service:
        house = serve(service)
        house.adds(f"contains link webhook {ADDRESS}")
        house.says("!verify nitro-link")
        assert house.passed_on() == []


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("!verfiy 7F3KQ9 nitro", "!verfiy ······ nitro"),
        ("!confirm 7f3kq9 nitro", "!confirm ······ nitro"),
        ("?verify ABCDEF nitro", "?verify ······ nitro"),
        ("veriffy ABCDEF nitro", "veriffy ······ nitro"),
        ("free nitro GAME42", "free nitro GAME42"),
    ],
)
def test_what_may_be_a_code_behind_a_mistyped_command_leaves_for_no_server(
    serve: Serve, line: str, sent: str
) -> None:
    with serving(always()) as service:
        house = serve(service)
        house.says(line)
        assert house.run_slow() == 1
        assert json.loads(service.seen[-1].body)["texts"] == [sent]


def test_a_line_that_a_rule_blocks_first_goes_nowhere(serve: Serve) -> None:
    with serving(always()) as service:
        house = serve(service)
        house.says("!rules off 1", user=MAX)
        house.adds('word "free" block')
        house.adds(f"contains nitro webhook {ADDRESS}")
        house.says("free nitro")
        assert house.passed_on() == []
        house.says("nitro")
        assert len(house.passed_on()) == 1


def test_a_reply_is_held_back_like_any_other_text(serve: Serve) -> None:
    with serving(always(b'{"action": "reply", "text": "Get N\xc4\xb0CE casino coins"}')) as service:
        house = serve(service)
        house.adds('contains "casino" block')
        house.says("free nitro")
        house.run_slow()
        [said] = house.texts()
        assert "I do not say that here: rule 2" in said
        assert "casino" not in said


def test_a_reply_may_hold_what_only_asks(serve: Serve) -> None:
    with serving(always(b'{"action": "reply", "text": "nitro is fine"}')) as service:
        house = serve(service)
        house.says("free nitro")
        house.run_slow()
        assert house.texts() == ["nitro is fine"]
        assert house.run_slow() == 0, "what we say is asked about nowhere"


def test_a_server_that_fails_is_told_to_the_moderators_once_and_left_alone(serve: Serve) -> None:
    with serving(always(b"", 500)) as service:
        house = serve(service)
        for _ in range(4):
            house.says("free nitro")
            house.run_slow()
        assert len(service.seen) == 5
        [notice] = house.left()
        assert isinstance(notice, Reply)
        assert notice.entity == WATCHERS
        assert f"{HOST} answers with 500" in notice.text
        assert "!rules off 1" in notice.text
    with house.database.writer() as connection:
        rows = connection.execute(
            "SELECT status FROM command_executions WHERE command = 'rule:1'"
        ).fetchall()
    assert [row["status"] for row in rows] == ["failed"] * 4


@pytest.mark.parametrize("answers", [always(b"", 302), always(b"", 500)], ids=["302", "500"])
def test_a_server_that_fails_silences_nobody_who_said_no_more_than_a_line(
    serve: Serve, answers: Callable[[Handler, int], None]
) -> None:
    with serving(answers) as service:
        house = serve(service)
        guests = [a_speaker(f"Guest{number}") for number in range(5)]
        for _ in range(5):
            for guest in guests:
                house.says("free nitro", user=guest)
                house.run_slow()
        told = [one.text for one in house.left() if isinstance(one, Reply)]
        assert not [text for text in told if "went wrong" in text]
        house.says("!remind", user=guests[0])
        [usage] = house.texts()
        assert "went wrong" not in usage


def test_so_many_lines_of_a_community_are_shown_to_others_a_minute(serve: Serve) -> None:
    with serving(always()) as service:
        house = serve(service)
        now = datetime.now(UTC)
        lines = [an_event("free nitro", occurred_at=now) for _ in range(123)]
        for start in range(0, len(lines), 41):
            house.routes(*lines[start : start + 41])
        assert len(house.passed_on()) == 120
        assert house.left() == [], "who said it has asked for nothing and is told nothing"


def test_a_caller_of_the_api_is_answered_with_what_the_server_said(serve: Serve) -> None:
    with serving(always(b'{"action": "reply", "text": "Hi!"}')) as service:
        house = serve(service)
        line = {
            "message_type": "chatMessage",
            "entity_id": "twitch:channel:1001",
            "user_id": "123456",
            "message": "free nitro",
        }
        assert house.doors.asks(line).texts[-1] == "Hi!"
    assert len(service.seen) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Say which server is asked"),
        ("http://hooks.example/", "https://"),
        ("https://127.0.0.1/", "a name here, not a number"),
        ("https://169.254.169.254/latest", "a name here, not a number"),
        ("https://localhost/", "no name that the open web knows"),
        ("https://me:secret@hooks.example/", "no name and password"),
        ("https://hooks.example/ and more", "Nothing follows the address"),
        ("<https://127.0.0.1/>.", "a name here, not a number"),
        ("<https://me:secret@hooks.example/|hooks.example>", "no name and password"),
    ],
)
def test_an_address_that_cannot_be_is_refused_with_a_sentence(
    serve: Serve, typed: str, says: str
) -> None:
    with serving(always()) as service:
        house = serve(service)
        assert says in house.adds(f"word duck webhook {typed}")


def test_the_secret_is_told_to_moderators_alone_and_in_secret(serve: Serve) -> None:
    with serving(always()) as service:
        house = serve(service)
        house.says("!rules secret 1", user=MAX)
        [told] = house.left()
        assert isinstance(told, Reply)
        assert told.secret
        [made] = re.findall(r"whsec_\S+", told.text)
        assert made == secret_for(KEY, 1, f"https://{HOST}")
        house.says("!rules secret 1")
        assert "whsec_" not in house.texts()[0]
        house.says("!rules secret 7", user=MAX)
        assert "no rule 7" in house.texts()[0]
