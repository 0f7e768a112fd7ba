"""What Discord says that somebody is in a server holds in their private talk: asked of it anew."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest
import redis

from functions.asking import discord_handler
from functions.catalogue import ASKING
from functions.router import stream_handler
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.events_and_commands import an_event
from tests.helpers.inviting import word_of
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.servers import Urls
from tests.helpers.stand_ins import Front, served
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, Speaker
from waddlebot.stores import keys
from waddlebot.stores.keys import Partition
from waddlebot.stores.known_people import ROLE_SECONDS
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.streams import decode_outgoing
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

__all__ = ["logging_restored"]  # a fixture

SERVER = "201000000000000001"
PLACE = EntityId(f"discord:channel:{SERVER}/202000000000000001")
ANA, MAX, OLGA = (f"30100000000000000{number}" for number in (1, 2, 3))
FOR_MODERATORS, FOR_OWNERS = "!rules list", "!community name The Penguins"


@pytest.fixture
def discord() -> Iterator[Front]:
    with served() as front:
        yield front


@pytest.fixture
def doors(  # noqa: PLR0917 - fixtures
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    streams: redis.Redis,  # noqa: ARG001 - flushed
    limits: redis.Redis,  # noqa: ARG001 - flushed
    cache: redis.Redis,
    discord: Front,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Doors]:
    """Everybody has written there, and has no role but the one that Discord gives."""
    for name in ("DISCORD_TOKEN", "DISCORD_API_URL"):
        monkeypatch.setenv(name, discord.environment[name])
    # A busy machine is no late platform.
    monkeypatch.setattr("functions.router.acquaintances.TOLD_PATIENCE", timedelta(seconds=15))
    monkeypatch.setattr("functions.asking.discord_handler.MOST_SECONDS", 15.0)
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        route(*(line("hello everybody", user) for user in (OLGA, MAX, ANA)))
        doors.functions.seen.clear()
        for key in cache.scan_iter("waddlebot:known:*"):
            cache.delete(key)
        yield doors


def line(text: str, user: str, *, private: bool = False) -> Event:
    return an_event(
        text,
        id=f"discord:{secrets.token_hex(8)}",
        entity=EntityId(f"discord:channel:9{user}") if private else PLACE,
        user=Speaker(id=user, name=user),
        occurred_at=datetime.now(UTC),
        private=private,
    )


def route(*events: Event) -> None:
    payload = json.loads(
        msgspec.json.encode({"v": 1, "events": events, "owner": secrets.token_hex(8)})
    )
    stream_handler.handler(payload, AwsContext())


def whispers(streams: redis.Redis, user: str, text: str) -> str:
    streams.delete(Partition().replies_stream())
    route(line(text, user, private=True))
    left = streams.xrange(Partition().replies_stream())
    return " | ".join(str(getattr(decode_outgoing(fields), "text", "")) for _, fields in left)


def questions(doors: Doors) -> list[Any]:
    return [json.loads(one.body) for one in doors.functions.seen if one.function == "ask-discord"]


def test_who_owns_or_moderates_the_server_does_so_privately_and_nobody_else(
    doors: Doors, streams: redis.Redis
) -> None:
    assert doors
    assert "There are no rules" in whispers(streams, MAX, FOR_MODERATORS)
    assert "is for moderators only" in whispers(streams, ANA, FOR_MODERATORS)
    assert "is for owners only" in whispers(streams, MAX, FOR_OWNERS)
    assert "is called The Penguins now" in whispers(streams, OLGA, FOR_OWNERS)


def test_a_quiet_line_and_what_concerns_the_person_alone_cost_no_question(
    doors: Doors, streams: redis.Redis
) -> None:
    for text in ("good evening", "!help", "!privacy", "!whoami"):
        whispers(streams, MAX, text)
    route(line("hello", MAX), line(FOR_MODERATORS, MAX))
    assert questions(doors) == []


def test_it_is_asked_once_a_batch_and_again_after_ten_minutes(
    doors: Doors, streams: redis.Redis, cache: redis.Redis
) -> None:
    route(*(line(FOR_MODERATORS, user, private=True) for user in (MAX, ANA, MAX)))
    [question] = questions(doors)
    assert sorted(question["people"]) == [f"{SERVER}/{user}" for user in (ANA, MAX)]
    whispers(streams, MAX, FOR_MODERATORS)
    assert len(questions(doors)) == 1
    known = keys.known_person("discord", f"{SERVER}/{MAX}")
    assert 0 < cache.ttl(known) <= ROLE_SECONDS == 600
    cache.delete(known)  # the ten minutes are over
    whispers(streams, MAX, FOR_MODERATORS)
    assert len(questions(doors)) == 2


@pytest.mark.parametrize("how", ["429", "5xx", "drop"])
def test_who_cannot_be_asked_about_is_a_user(
    doors: Doors, discord: Front, streams: redis.Redis, cache: redis.Redis, how: str
) -> None:
    discord.breaks("discord", how, times=9, seconds=30)
    assert "is for moderators only" in whispers(streams, MAX, FOR_MODERATORS)
    assert len(questions(doors)) == 1
    # Whoever refuses is left alone for a while.
    assert cache.ttl(keys.asking_rests("discord")) > 0


def test_what_the_community_gave_needs_no_question(
    doors: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        [row] = edit.connection.execute(
            "SELECT community_id FROM entities WHERE entity_id = %s", (PLACE,)
        ).fetchall()
        MemberRoles(edit).give(row["community_id"], Account("discord", ANA), Role.OWNER)
    assert "is called" in whispers(streams, ANA, FOR_OWNERS)
    assert questions(doors) == []


def test_a_server_that_the_community_was_not_founded_for_gives_nothing(
    doors: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        places = Places(edit)
        places.move_home(f"discord:server:{SERVER}", places.open(EntityId("twitch:channel:77")))
    route(line("hello again", MAX))
    assert "is for moderators only" in whispers(streams, MAX, FOR_MODERATORS)
    assert questions(doors) == []


def test_a_server_that_has_moved_away_gives_nothing_where_it_was(
    doors: Doors, streams: redis.Redis, database: Postgres, versions: Versions
) -> None:
    """Whom it had invited stays there, on their own."""
    with editing(database, versions) as edit:
        places = Places(edit)
        places.open(EntityId("twitch:channel:77"))
        places.move_home("twitch:channel:77", places.open(PLACE))
        places.move_home(f"discord:server:{SERVER}", places.open(EntityId("twitch:channel:88")))
    assert "is for owners only" in whispers(streams, OLGA, FOR_OWNERS)
    assert questions(doors) == []


SILENT, STRANGER = "301000000000000001", "301000000000000099"


def test_a_member_of_the_server_who_never_spoke_gets_a_label_and_nobody_else_does(
    doors: Doors, streams: redis.Redis, database: Postgres
) -> None:
    def says(text: str) -> str:
        streams.delete(Partition().replies_stream())
        moderator = Speaker(id=MAX, name="max", role=Role.MODERATOR)
        route(msgspec.structs.replace(line(text, MAX), user=moderator))
        left = streams.xrange(Partition().replies_stream())
        return " | ".join(str(getattr(decode_outgoing(fields), "text", "")) for _, fields in left)

    for table in ("reputation", "messages", "command_executions", "happenings"):
        forget = f"DELETE FROM {table} WHERE user_id = %(user)s RETURNING 1"  # noqa: S608
        database.write(forget, {"user": SILENT})
    says("!labels make regular")
    assert "Ask them to say something first" in says(f"!labels add <@{STRANGER}> regular")
    assert len(questions(doors)) == 1
    assert "has the label 'regular'" in says(f"!labels add <@{SILENT}> regular")
    assert "regular" in says(f"!labels list <@{SILENT}>")
    # Who was seen is nobody that has to be asked about.
    assert "has the label 'regular'" in says(f"!labels add <@{OLGA}> regular")
    assert len(questions(doors)) == 2


ELSEWHERE = EntityId("discord:channel:201000000000000002/202000000000000009")


def test_an_invitation_of_somebody_whose_role_the_platform_took_away_brings_nobody(
    doors: Doors, streams: redis.Redis
) -> None:
    """It was made by an admin; when it is taken up Discord is asked what they are by then."""

    def says(text: str, who: str, role: Role, at: EntityId = PLACE) -> str:
        streams.delete(Partition().replies_stream())
        speaker = Speaker(id=who, name=who, role=role)
        route(msgspec.structs.replace(line(text, who), user=speaker, entity=at))
        left = streams.xrange(Partition().replies_stream())
        return " | ".join(str(getattr(decode_outgoing(fields), "text", "")) for _, fields in left)

    says("hello", "theo", Role.OWNER, ELSEWHERE)
    lost = word_of(says("!community invite", MAX, Role.ADMIN))
    told = says(f"!community join {lost}", "theo", Role.OWNER, ELSEWHERE)
    assert "may invite nobody any more" in told
    assert len(questions(doors)) == 1

    kept = word_of(says("!community invite", OLGA, Role.OWNER))
    told = says(f"!community join {kept}", "theo", Role.OWNER, ELSEWHERE)
    assert "Welcome" in told


def test_two_slow_answers_share_the_time_of_one_question(
    doors: Doors, discord: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each alone would be in time; the function must have answered before it is ended."""
    assert doors
    monkeypatch.setattr("functions.asking.discord_handler.MOST_SECONDS", 2.0)
    discord.breaks("discord", "slow", times=2, seconds=1.6)
    assert asks_discord(f"{SERVER}/{MAX}") == {}
    function = next(one for one in ASKING if one.name == "ask-discord")
    assert function.timeout_seconds > discord_handler.MOST_SECONDS + 1


@pytest.mark.parametrize("status", [403, 404])
def test_a_server_without_the_bot_is_remembered_for_two_minutes(
    doors: Doors,
    streams: redis.Redis,
    cache: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
) -> None:
    asked: list[str] = []

    def answer(path: str) -> tuple[int, Any]:
        asked.append(path)
        return status, {"message": "Unknown Guild", "code": 10004}

    with odd_discord(answer) as address:
        monkeypatch.setenv("DISCORD_API_URL", address)
        discord_handler.forget()
        for text in (FOR_MODERATORS, FOR_OWNERS):
            assert "is for" in whispers(streams, MAX, text)
        assert len(questions(doors)) == 1
        # Whoever else writes there asks the house, and the house asks nobody.
        assert "is for" in whispers(streams, ANA, FOR_MODERATORS)
    assert asked == [f"/guilds/{SERVER}"]
    assert 0 < cache.ttl(keys.known_person("discord", f"{SERVER}/{MAX}")) <= 120
    assert 0 < cache.ttl(keys.asking_rests(f"discord:{SERVER}")) <= 120


OWNED = {"id": SERVER, "owner_id": OLGA, "roles": []}


@pytest.mark.parametrize(
    ("server", "member"),
    [
        ((200, {"roles": []}), None),
        ((200, {"id": None}), None),
        ((200, {"id": "201000000000000009"}), None),
        ((200, []), None),
        ((404, {"code": 10007}), None),
        ((400, {"code": 10007}), None),
        ((200, OWNED), (200, {})),
        ((200, OWNED), (200, ["a", "list"])),
        ((200, OWNED), (200, {"user": {"id": "1"}, "roles": "none"})),
        ((200, OWNED), (403, {"code": 50001})),
        ((200, OWNED), (200, {"user": "no object"})),
    ],
)
def test_an_answer_of_an_odd_shape_makes_nobody_anything(
    doors: Doors,
    monkeypatch: pytest.MonkeyPatch,
    server: tuple[int, Any],
    member: tuple[int, Any] | None,
) -> None:
    assert doors

    def answer(path: str) -> tuple[int, Any]:
        return (member or (500, {})) if "/members/" in path else server

    with odd_discord(answer) as address:
        monkeypatch.setenv("DISCORD_API_URL", address)
        discord_handler.forget()
        people = asks_discord(f"{SERVER}/{OLGA}")
    assert all(one.get("role", "user") == "user" for one in people.values())


def asks_discord(*people: str) -> dict[str, Any]:
    asked = {"v": 1, "people": list(people)}
    return dict(discord_handler.handler(asked, AwsContext())["people"])


@contextmanager
def odd_discord(answer: Callable[[str], tuple[int, Any]]) -> Iterator[str]:
    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, told = answer(self.path)
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Says)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
