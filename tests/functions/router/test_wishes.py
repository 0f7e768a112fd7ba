"""What modules do besides answering: what they may is done, what they may not is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import redis

from functions.operations import handler as operations
from tests.helpers.added_modules import join, route
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import DISCORD, TWITCH, a_speaker
from tests.helpers.module_users import at_home, enter
from tests.helpers.router_doors import COLLECTORS_KEY, Doors
from tests.helpers.servers import Urls
from tests.helpers.stream_doors import left_by, told
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Reply
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.runtime.serve_module import serve_module
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk import (
    Announce,
    Answer,
    Call,
    Chat,
    DeleteLine,
    May,
    Module,
    React,
    Role,
    SayElsewhere,
    ShoutOut,
    command,
    on,
    serve,
)
from waddlebot_sdk.declared import read_declaration
from waddlebot_sdk.folder import bound

LOBBY = EntityId("twitch:channel:2002")
NEIGHBOURS = EntityId("twitch:channel:3003")
DEEDS: dict[str, Any] = {
    "announce": Announce("The cake is ready"),
    "thank": Announce("Thanks, <@301000000000000002>"),
    "react": React("🎂"),
    "delete": DeleteLine(),
    "shoutout": ShoutOut("@penguin_lagoon"),
    "lobby": SayElsewhere("Cake in the other room", LOBBY),
    "neighbours": SayElsewhere("Cake!", NEIGHBOURS),
}


@command("party <deed>", "Do something festive.", example="party announce")
def party(call: Call, _: Any) -> Answer:
    return DEEDS[call.arguments["deed"]]  # type: ignore[no-any-return]


@command("many", "Do all of it.", example="many")
def many(_: Call, connection: Any) -> Answer:
    connection.execute("INSERT INTO parties (kept) VALUES ('cake')")
    return [Announce(f"Cake {number}") for number in range(8)]


@command("mays", "Say what is granted here.", example="mays")
def mays(call: Call, _: Any) -> Answer:
    return Chat(f"may: {', '.join(sorted(call.may)) or 'nothing'}")


@command("free", "Say that it is for free.", example="free", per_minute=1)
def free(_: Call, __: Any) -> Answer:
    return [Chat("For free.", free=True), Announce("Again!")]


def welcome(call: Call, _: Any) -> Answer:
    raider = call.user
    assert raider
    thanks = Chat(f"Welcome, {raider.name} and {call.data['viewers']} penguins!")
    return [thanks, ShoutOut(raider.id), SayElsewhere("A raid next door", LOBBY)]


HOST: Module[Any] = Module(
    name="host",
    summary="Is festive.",
    commands=(party, mays, free, many),
    listens=(on("raid", welcome),),
    may=frozenset(May),
)
SHY: Module[Any] = Module(name="shy", summary="Is festive.", commands=(party,))


@pytest.fixture
def host(
    doors: Doors,
    database: Postgres,
    database_urls: Urls,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Doors]:
    """A module of the house that may do everything; the lobby belongs to the same community."""
    join(database, versions, HOST)
    with editing(database, versions) as edit:
        places = Places(edit)
        here = places.open(TWITCH)
        places.open(LOBBY)
        places.open(NEIGHBOURS)
        places.move_home(LOBBY, here)
    doors.handlers["host"] = door = serve_module(HOST, build=lambda connection: connection)
    enter(door, at_home(database_urls, HOST, "parties", "kept text"), monkeypatch)
    yield doors
    door.close()


@pytest.fixture
def shy(doors: Doors, database: Postgres, versions: Versions) -> Iterator[Doors]:
    """The same, which declares nothing."""
    join(database, versions, SHY)
    doors.handlers["shy"] = door = serve_module(SHY, build=lambda connection: connection)
    yield doors
    door.close()


def done_by(streams: redis.Redis) -> list[tuple[str, str]]:
    """Each action with what it is about, each line with where it is said."""
    return [
        (one.kind.value, one.text or one.user or one.message)
        if isinstance(one, PlatformAction)
        else (one.entity, one.text)
        for one in left_by(streams)
        if isinstance(one, PlatformAction) or not one.private
    ]


def lines_for_the_asker(streams: redis.Redis) -> str:
    return " | ".join(
        one.text for one in left_by(streams) if isinstance(one, Reply) and one.private
    )


def recorded(database: Postgres) -> list[Any]:
    rows = database.write("SELECT refused FROM command_executions WHERE refused IS NOT NULL")
    return [one for row in rows for one in row["refused"]]


@pytest.mark.parametrize(
    ("typed", "does"),
    [
        ("announce", ("announce", "The cake is ready")),
        ("thank", ("announce", "Thanks, @somebody")),
        ("delete", ("delete_message", "m1")),
        ("shoutout", ("shout_out", "@penguin_lagoon")),
        ("lobby", (LOBBY, "Cake in the other room")),
    ],
)
def test_what_a_module_may_is_done_once(
    host: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
    typed: str,
    does: tuple[str, str],
) -> None:
    event = told(f"!party {typed}")
    route(event)
    route(event)

    assert done_by(streams).count(does) == 1
    assert recorded(database) == []


def test_a_line_gets_an_emoji_where_the_platform_has_them(
    host: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    route(told("!party react", entity=DISCORD))

    [action] = [one for one in left_by(streams) if isinstance(one, PlatformAction)]
    assert (action.kind, action.text, action.message) == (ActionKind.REACT, "🎂", "m1")


def test_where_nobody_can_announce_it_is_a_line_that_everybody_sees(
    host: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    route(told("!party announce", entity=DISCORD))

    assert (DISCORD, "The cake is ready") in done_by(streams)


def test_an_announcement_reaches_the_channel_however_it_was_asked_for(
    host: Doors, streams: redis.Redis
) -> None:
    told_api = host.asks(
        {
            "message_type": "chatMessage",
            "entity_id": TWITCH,
            "user_id": "1",
            "message": "!party announce",
        }
    )

    assert told_api.status == 200
    assert ("announce", "The cake is ready") in done_by(streams)


def test_a_module_hears_a_raid_and_says_so_in_two_places(
    host: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    raid = told(type="raid", user=a_speaker("Rocky"), data={"viewers": 7}, way_back=Channel())
    route(raid)
    route(raid)

    assert sorted(done_by(streams)) == [
        ("shout_out", "id-rocky"),
        (TWITCH, "Welcome, Rocky and 7 penguins!"),
        (LOBBY, "A raid next door"),
    ]


def test_nothing_that_is_done_is_for_free_whatever_a_module_says_of_it(
    host: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    for _ in range(3):
        route(told("!free"))

    assert [kind for kind, _ in done_by(streams)].count("announce") == 1


@pytest.mark.parametrize("typed", ["announce", "react", "delete", "shoutout", "lobby"])
def test_what_a_module_does_not_declare_is_refused_and_recorded_and_never_done(
    shy: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
    typed: str,
) -> None:
    event = told(f"!party {typed}")
    route(event)

    assert not [one for one in left_by(streams) if isinstance(one, PlatformAction)]
    assert lines_for_the_asker(streams).startswith("I did not ")
    [row] = recorded(database)
    assert (row["wish"], row["why"]) == (
        DEEDS[typed].needs.value,
        "shy does not declare that it may",
    )


def asked_by_the_operator(of: str, **fields: Any) -> Any:
    answer = operations.handler(
        {
            "routeKey": f"GET /api/operations/{of}",
            "headers": {"authorization": f"Bearer {COLLECTORS_KEY}"},
            **fields,
        },
        AwsContext(),
    )
    operations.forget()
    return json.loads(answer["body"])


def test_the_operator_reads_what_was_refused(
    shy: Doors,  # noqa: ARG001 - open
) -> None:
    event = told("!party announce")
    route(event)

    event_told = asked_by_the_operator("events/{event_id}", pathParameters={"event_id": event.id})

    refused = [{"wish": "announce", "why": "shy does not declare that it may"}]
    assert [one["refused"] for one in event_told["verdicts"] if one["refused"]] == [refused]
    [listed] = asked_by_the_operator("refused-wishes")["calls"]
    names = ("event", "module", "entity", "user", "refused")
    assert [listed[name] for name in names] == [event.id, "shy", TWITCH, "Ana", refused]


def test_an_answer_of_too_many_parts_is_refused_whole_before_anything_is_kept(
    host: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
) -> None:
    """Who reads that it went wrong may try again."""
    event = told("!many")
    route(event)

    assert [what for what, _ in done_by(streams)] == [TWITCH]
    assert database.write("SELECT kept FROM parties") == []
    rows = asked_by_the_operator("events/{event_id}", pathParameters={"event_id": event.id})
    [failed] = [one for one in rows["verdicts"] if one["status"] == "failed"]
    assert "8 responses; 5 at most, so none of them is said or done" in failed["error_message"]


@pytest.mark.parametrize(
    ("typed", "entity", "message", "private", "why"),
    [
        ("neighbours", TWITCH, "m1", False, f"{NEIGHBOURS} is no place of this community"),
        ("react", TWITCH, "m1", False, "Twitch knows nothing of the kind"),
        ("shoutout", DISCORD, "m1", False, "Discord knows nothing of the kind"),
        ("delete", TWITCH, None, False, "there is no line to do it to"),
    ],
)
def test_what_cannot_be_done_here_is_said_and_recorded(  # noqa: PLR0917 - a table
    host: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
    typed: str,
    entity: EntityId,
    message: str | None,
    private: bool,  # noqa: FBT001 - a table
    why: str,
) -> None:
    route(told(f"!party {typed}", entity=entity, message=message, private=private))

    assert not [one for one in left_by(streams) if isinstance(one, PlatformAction)]
    assert NEIGHBOURS not in [place for place, _ in done_by(streams)]
    assert f"{why}." in lines_for_the_asker(streams)
    assert [one["why"] for one in recorded(database)] == [why]


def test_where_the_bot_was_told_to_be_quiet_nobody_has_it_speak_from_afar(
    host: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
) -> None:
    route(told("!waddlebot off", entity=LOBBY, user=a_speaker("Olga", Role.OWNER)))
    route(told("!party lobby"))

    assert (LOBBY, "Cake in the other room") not in done_by(streams)
    assert [one["why"] for one in recorded(database)] == ["it is switched off in that place"]


def test_what_a_rule_forbids_is_announced_and_said_elsewhere_by_nobody(
    host: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
) -> None:
    olga = a_speaker("Olga", Role.OWNER)
    route(told("!rules add contains cake block", user=olga))
    for typed in ("announce", "lobby"):
        route(told(f"!party {typed}", user=olga))

    assert not [what for _, what in done_by(streams) if "ake" in what and "rule" not in what]
    why = "a rule here forbids what the module would say"
    assert [(one["wish"], one["why"]) for one in recorded(database)] == [
        ("announce", why),
        ("say_elsewhere", why),
    ]


STRANGER = """
name = "balloons"
summary = "Is festive."
may = ["announce", "react"]
[[commands]]
usage = "balloons"
summary = "Be festive."
example = "balloons"
"""


def test_rules_of_one_place_hold_for_what_is_said_there_from_another(
    host: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
) -> None:
    olga = a_speaker("Olga", Role.OWNER)
    route(told("!rules add contains cake block", user=olga, entity=LOBBY))
    with database.writer() as connection:  # as an API key or the text form says it
        connection.execute("UPDATE string_rules SET enabled_entity_ids = %s", ([LOBBY],))
    route(told("!party announce"))
    route(told("!party lobby"))

    assert ("announce", "The cake is ready") in done_by(streams)
    assert (LOBBY, "Cake in the other room") not in done_by(streams)


@pytest.fixture
def stranger(doors: Doors, database: Postgres, versions: Versions, tmp_path: Path) -> Doors:
    """A community function, which its toml lets announce and react."""
    module = declared(tmp_path, STRANGER)
    join(database, versions, module)
    with editing(database, versions) as edit:
        Places(edit).open(TWITCH)
    code = ModuleType("commands")
    code.balloons = lambda call: [  # type: ignore[attr-defined]
        Announce(f"Balloons! ({', '.join(sorted(call.may))})"),
        DeleteLine(),
    ]
    doors.handlers["balloons"] = serve(bound(module, code))
    return doors


def declared(tmp_path: Path, toml: str) -> Module[None]:
    folder = tmp_path / "balloons"
    folder.mkdir(exist_ok=True)
    (folder / "waddlebot.toml").write_text(toml)
    return read_declaration(folder)


def test_whoever_asks_why_reads_what_was_not_done(
    stranger: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
) -> None:
    says("#balloons")
    says("!why")

    assert "It did not announce: that is up to the owner" in lines_for_the_asker(streams)


def says(text: str) -> None:
    route(told(text, user=a_speaker("Olga", Role.OWNER)))


def test_a_strangers_function_does_what_the_owner_granted_by_installing_it(
    stranger: Doors,  # noqa: ARG001 - open
    database: Postgres,
    streams: redis.Redis,
) -> None:
    says("#balloons")
    assert not [one for one in left_by(streams) if isinstance(one, PlatformAction)]
    assert "who types !module install balloons" in lines_for_the_asker(streams)

    says("!module install balloons")
    assert any("may announce and react" in what for _, what in done_by(streams))
    says("#balloons")
    assert ("announce", "Balloons! (announce, react)") in done_by(streams)
    assert "delete_message" not in [kind for kind, _ in done_by(streams)]
    assert recorded(database)[-1]["why"] == "balloons does not declare that it may"

    says("!module remove balloons")
    says("#balloons")
    assert len([kind for kind, _ in done_by(streams) if kind == "announce"]) == 1


def test_what_it_asks_for_later_is_not_granted_by_what_the_owner_read_before(
    stranger: Doors,  # noqa: ARG001 - open
    database: Postgres,
    versions: Versions,
    streams: redis.Redis,
    tmp_path: Path,
) -> None:
    only_react = STRANGER.replace('"announce", "react"', '"react"')
    join(database, versions, declared(tmp_path, only_react))
    says("!module install balloons")
    join(database, versions, declared(tmp_path, STRANGER))

    says("#balloons")
    assert "announce" not in [kind for kind, _ in done_by(streams)]
    says("!module list")
    assert any(
        "it asks to announce as well: !module install balloons" in what
        for _, what in done_by(streams)
    )
    says("!module install balloons")
    says("#balloons")
    assert "announce" in [kind for kind, _ in done_by(streams)]
