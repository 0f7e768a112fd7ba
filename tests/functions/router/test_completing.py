"""What the router offers while somebody types, also on bad days, and what it leaves alone."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from functions.modules.memories.kept import Draft, MemoryKind
from functions.modules.memories.module import MODULE as MEMORIES
from functions.modules.memories.people import Somebody
from functions.modules.memories.store import Memories
from functions.router import stream_handler
from functions.router.limits import OFFERED, Limits
from tests.helpers.aws_context import AwsContext
from tests.helpers.events_and_commands import a_speaker, an_event
from tests.helpers.module_users import as_module, enter
from tests.helpers.router_doors import Doors
from tests.helpers.servers import Urls
from tests.helpers.stream_doors import left_by, route, told
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.aliases.deeds import set_alias
from waddlebot.decisions.parts.custom.deeds import change_custom, set_custom
from waddlebot.decisions.parts.labels.deeds import make_label
from waddlebot.decisions.parts.rules.deeds import add_rule
from waddlebot.domain.completions import Completing, encode_completing
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.custom_whens import When
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.runtime.serve_module import serve_module
from waddlebot.stores.keys import completing_window, is_window_of
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.switches import Switches
from waddlebot.stores.versions import Edit, Versions, editing
from waddlebot_sdk import Call
from waddlebot_sdk.roles import Role

QUOTE, ARGUMENT = "quote", "number-or-words"
HERE = EntityId("twitch:channel:77")


def typing(role: Role = Role.USER, who: str = "Ana", **more: Any) -> Event:
    """Begun later than now: on a busy machine a module takes more than the second it has."""
    fields = {"entity": HERE, "occurred_at": datetime.now(UTC) + timedelta(minutes=1), **more}
    return an_event("", type=MessageType.SLASH_COMMAND, user=a_speaker(who, role), **fields)


def offered(typed: str, by: Event | None = None, **more: Any) -> Mapping[str, str]:
    """What is shown by what would be typed."""
    asked = Completing(event=by or typing(), typed=typed, **more)
    payload = json.loads(encode_completing(asked))
    answer = json.loads(json.dumps(stream_handler.handler(payload, AwsContext())))
    return {one["value"]: one["shown"] for one in answer["choices"]}


@pytest.fixture(autouse=True)
def _opened(doors: Doors, database: Postgres, versions: Versions) -> None:
    del doors
    with editing(database, versions) as edit:
        Places(edit).open(HERE)


def test_a_place_of_which_nobody_heard_is_not_opened(database: Postgres) -> None:
    new = typing(entity=EntityId("twitch:channel:78"))

    assert offered("", new) == {}
    assert database.read("SELECT FROM entities WHERE entity_id = 'twitch:channel:78'") == []
    assert "help" in offered("")


def test_nothing_of_it_is_recorded_or_left_but_how_often_somebody_asked(
    database: Postgres, streams: redis.Redis, limits: redis.Redis
) -> None:
    for _ in range(70):  # more often than anybody may use a command
        assert "help" in offered("he")
    offered("", path=QUOTE, argument=ARGUMENT)

    assert left_by(streams) == []
    assert streams.keys("*") == []
    [window] = limits.keys("*")
    assert is_window_of("twitch:id-ana", window.decode())  # and goes with her
    assert 0 < limits.ttl(window) <= 60
    for table in ("command_executions", "module_effects", "audit_log"):
        assert database.read(f"SELECT count(*) AS n FROM {table}")[0]["n"] == 0  # noqa: S608


def test_a_person_is_offered_so_much_a_minute_and_no_module_is_asked_beyond_it(
    doors: Doors, limits: redis.Redis
) -> None:
    asked: list[Any] = []

    def answer(wire: Any, _context: object) -> Any:
        asked.append(wire)
        return {"choices": []}

    doors.handlers["memories"] = answer
    offered("", path=QUOTE, argument=ARGUMENT)
    while Limits(limits).may_be_offered(typing()):
        pass

    assert limits.zcard(completing_window("twitch:id-ana")) == OFFERED
    assert offered("he") == {}
    assert offered("", path=QUOTE, argument=ARGUMENT) == {}
    assert len(asked) == 1
    assert "help" in offered("he", typing(who="Max"))


def test_while_the_limits_server_is_away_people_are_offered_what_fits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stream_handler.kept.cache_clear()
    monkeypatch.setenv("VALKEY_LIMITS_URL", "redis://127.0.0.1:1/0")

    assert "help" in offered("he")


def test_a_module_that_is_late_leaves_what_the_grammar_knows(doors: Doors) -> None:
    doors.handlers["memories"] = lambda *_: time.sleep(30)
    doors.at_once.add("memories")
    began = time.monotonic()

    shown = offered("quote wad", typing(occurred_at=datetime.now(UTC)))

    assert time.monotonic() - began < 15  # seconds: the machine is busy, the module takes 30
    assert shown == {"quote wad": "!quote [number-or-words]: " + SUMMARY}


SUMMARY = "Show a quote: that number, one with these words or #tag, or any."


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {"choices": "all"},
        {"choices": [{"value": 1}, {"value": ""}, {"value": "x" * 101}, {"value": "a\u202eb"}]},
        {"errorType": "Oops"},
        {"choices": [{"value": "x" * 2_000_000}]},
    ],
)
def test_whatever_a_module_answers_people_go_on_typing(doors: Doors, answer: Any) -> None:
    doors.handlers["memories"] = lambda *_: answer

    assert offered("", path=QUOTE, argument=ARGUMENT) == {}


def test_a_module_offers_twenty_five_at_most_and_is_asked_with_what_is_typed(doors: Doors) -> None:
    asked: list[Any] = []

    def answer(wire: Any, _context: object) -> Any:
        asked.append(wire)
        return {"choices": [{"value": str(one), "shown": "y" * 200} for one in range(500)]}

    doors.handlers["memories"] = answer
    shown = offered("wad", path="memories edit", argument="number", by=typing(Role.MODERATOR))

    assert len(shown) == 25
    assert {len(one) for one in shown.values()} == {100}
    assert asked[0]["completes"] == "number"
    assert asked[0]["call"]["text"] == "wad"
    assert asked[0]["call"]["event_type"] == "autocomplete"


def test_what_a_module_does_while_it_is_asked_is_undone(
    doors: Doors, database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keeps(call: Call, memories: Memories) -> list[str]:
        draft = Draft(kind=MemoryKind.QUOTE, content="kept", author="")
        memories.keep(call.community.id, draft, by=Somebody(platform="twitch", id="1", name="Ana"))
        return ["kept"]

    commands = tuple(replace(one, completes={ARGUMENT: keeps}) for one in MEMORIES.commands)
    ours = doors.handlers["memories"]
    door = serve_module(replace(MEMORIES, commands=commands), build=Memories)
    enter(door, as_module(database_urls, MEMORIES.name), monkeypatch)
    doors.handlers["memories"] = door

    assert list(offered("", path=QUOTE, argument=ARGUMENT)) == ["kept"]
    door.close()
    doors.handlers["memories"] = ours
    assert offered("", path=QUOTE, argument=ARGUMENT) == {}


def test_no_module_is_asked_for_what_it_does_not_complete_or_its_person_may_not(
    doors: Doors,
) -> None:
    assert offered("x", path="memories search", argument="words") == {}
    assert offered("1", path="memories edit", argument="number") == {}
    assert offered("1", path="memories edit 1", argument="no such") == {}
    assert offered("x" * 5000) == {}
    assert not [one for one in doors.functions.seen if one.function == "memories"]


def test_what_is_off_or_needs_another_role_here_is_offered_so(
    database: Postgres, versions: Versions
) -> None:
    with editing(database, versions) as edit:
        community = Places(edit).open(HERE)
        Switches(edit).set_enabled(community, "!quotes", enabled=False)

    shown = offered("quote")

    assert "quote" in shown
    assert "quotes" not in shown


def test_each_community_has_its_own_names_and_words(database: Postgres, versions: Versions) -> None:
    elsewhere = EntityId("twitch:channel:79")
    for place, name in ((HERE, "hug"), (elsewhere, "bow")):
        with editing(database, versions) as edit:
            community = Places(edit).open(place)
            asker = Asker.of_the_house("tests", community)
            set_alias(edit, asker, name=name, text="!quote", is_new=True)
    with editing(database, versions) as edit:
        CommunitySettings(edit).set_own(Places(edit).open(elsewhere), "prefix", "?")

    there = typing(entity=elsewhere)
    assert list(offered("", path="alias show", argument="name")) == ["hug"]
    assert list(offered("", there, path="alias show", argument="name")) == ["bow"]
    assert offered("?quo", there)["quote"].startswith("?quote ")
    assert offered("!quo", there)["quote"].startswith("?quote ")
    assert "bow" in offered("bo", there)


def test_in_private_talk_only_what_is_about_oneself_is_offered() -> None:
    alone = typing(entity=EntityId("twitch:user:5"), private=True)

    shown = offered("", alone)

    assert "privacy" in " ".join(shown)
    assert "quote" not in shown


def test_an_argument_that_is_no_last_one_is_offered_as_one_word() -> None:
    shown = offered("limits set limits", typing(Role.MODERATOR))

    assert '"limits set"' in [one.removeprefix("limits set ") for one in shown]


def test_a_blank_at_the_end_and_another_prefix_change_nothing_of_what_stands_before(
    doors: Doors,
) -> None:
    doors.handlers["memories"] = lambda *_: {"choices": [{"value": "1", "shown": "#1"}]}

    for line in ("quote wad ", "!quote  wad", "quote ", "memories   quote wad  x "):
        before = line[: line.index("wad")] if "wad" in line else line
        assert next(iter(offered(line))) == f"{before}1"


def test_a_strangers_command_is_offered_with_its_sign() -> None:
    for typed in ("rol", "#rol", "ROL"):
        assert offered(typed)["#roll"].startswith("#roll [dice]: ")


def test_while_the_database_is_away_nobody_is_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    stream_handler.kept.cache_clear()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    with pytest.raises(Unavailable):
        offered("he", typing(occurred_at=datetime.now(UTC) - timedelta(seconds=1)))


def test_a_line_that_is_said_later_is_answered_as_ever() -> None:
    offered("help")

    [result] = route(told("!help", entity=HERE))
    assert result["standing"] == "ours"


def asker_of(edit: Edit) -> Asker:
    return Asker.of_the_house("tests", Places(edit).open(HERE))


def kept_here(database: Postgres, versions: Versions) -> None:
    """One of each that is named behind commands."""
    with editing(database, versions) as edit:
        asker = Asker.of_the_house("tests", Places(edit).open(HERE))
        set_alias(edit, asker, name="hug", text="!quote $1", is_new=True)
        set_alias(edit, asker, name="deaths", text="counter: {count} deaths", is_new=True)
        hello = CustomCommand(name="hello", text="Hi $(user)!")
        set_custom(edit, asker, hello, is_new=True)
        shy = replace(hello, name="shy", text="$(count falls)", role=Role.MODERATOR)
        set_custom(edit, asker, replace(shy, enabled=False), is_new=True)
        make_label(edit, asker, name="regular", color="#ffaa00")
        rule = StringRule(
            id=0, match_type=MatchType.CONTAINS, pattern="free nitro", action=RuleAction.BLOCK
        )
        add_rule(edit, asker, rule)


@pytest.mark.parametrize(
    ("at", "typed", "values"),
    [
        ("rules preset: name", "sca", ["scams"]),
        ("rules preset: action", "", ["block", "warn", "off"]),
        ("rules add: kind", "re", ["regex"]),
        ("labels drop: name", "reg", ["regular"]),
        ("labels add: label", "reg", ["regular"]),
        ("roles give: role", "mod", ["moderator"]),
        ("roles give: where", "", ["here"]),
        ("custom edit: name", "", ["hello", "shy"]),
        ("custom edit: name", "hi", ["hello"]),
        ("custom off: name", "", ["hello"]),
        ("custom on: name", "", ["shy"]),
        ("custom count: counter", "", ["falls"]),
        ("custom need: role", "every", ["everybody"]),
        ("command off: name", "memor", ["memories"]),
        ("command need: role", "us", ["usual"]),
        ("alias count: name", "", ["deaths"]),
        ("alias remove: name", "quote", ["hug"]),
        ("module remove: name", "", []),
        ("help: command", "mem se", ["mem search"]),
        ("help: command", "forms", ["forms"]),
    ],
)
def test_what_is_kept_here_is_offered_to_whoever_may_change_it(
    database: Postgres, versions: Versions, at: str, typed: str, values: list[str]
) -> None:
    kept_here(database, versions)
    command, argument = at.split(": ")

    found = list(offered(typed, typing(Role.OWNER), path=command, argument=argument))

    assert found[: len(values)] == values
    assert len(found) <= 25


def test_a_rule_is_offered_by_what_it_looks_for_and_to_moderators_alone(
    database: Postgres, versions: Versions
) -> None:
    kept_here(database, versions)

    def rules(for_whom: Role, command: str = "rules off") -> Mapping[str, str]:
        return offered("nitro", typing(for_whom), path=command, argument="number")

    [shown] = rules(Role.MODERATOR).values()
    assert "free nitro" in shown
    assert rules(Role.USER) == {}
    assert rules(Role.MODERATOR, "rules secret") == {}


def test_custom_commands_are_offered_as_lines_to_those_whom_they_are_for(
    database: Postgres, versions: Versions
) -> None:
    kept_here(database, versions)
    with editing(database, versions) as edit:
        change_custom(edit, asker_of(edit), name="shy", enabled=True)

    assert offered("hel")["hello"] == "hello: a custom command"
    assert "shy" not in offered("sh")
    assert "shy" in offered("sh", typing(Role.MODERATOR))
    with editing(database, versions) as edit:
        asker = Asker.of_the_house("tests", Places(edit).open(HERE))
        change_custom(edit, asker, name="hello", when=When(platforms=frozenset({"slack"})))
    assert "hello" not in offered("hel"), "it answers elsewhere"

    with editing(database, versions) as edit:
        elsewhere = When(platforms=frozenset({"discord"}))
        change_custom(edit, asker_of(edit), name="hello", when=elsewhere)

    assert "hello" not in offered("hel")  # it would be silent


def test_no_choice_shows_what_is_said_for_others(database: Postgres, versions: Versions) -> None:
    """Behind a command that everybody may use, and behind one of moderators."""
    kept_here(database, versions)
    with editing(database, versions) as edit:
        set_custom(edit, asker_of(edit), CustomCommand(name="ours", text="Psst", role=Role.ADMIN))

    def shown(by: Role, command: str) -> list[str]:
        return list(offered("", typing(by), path=command, argument="name"))

    assert shown(Role.USER, "custom show") == ["hello"]
    assert "shy" not in str(offered("custom show s"))
    assert shown(Role.MODERATOR, "custom show") == ["hello", "shy"]
    assert shown(Role.MODERATOR, "custom edit") == ["hello", "shy"]
    assert shown(Role.OWNER, "custom edit") == ["hello", "ours", "shy"]


def test_no_choice_is_longer_than_discord_takes(database: Postgres, versions: Versions) -> None:
    with editing(database, versions) as edit:
        asker = Asker.of_the_house("tests", Places(edit).open(HERE))
        long = CustomCommand(name="long", text="x" * 400)
        set_custom(edit, asker, long, is_new=True)

    [shown] = offered("lon", path="custom show", argument="name").values()

    assert len(shown) == 100
