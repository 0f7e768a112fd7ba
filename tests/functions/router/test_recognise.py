"""Who people are on Slack, whose events carry ids alone: asked of Slack itself, as it answers."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import msgspec
import pytest
import redis

from functions.asking import slack_handler
from functions.router import stream_handler
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.events_and_commands import an_event
from tests.helpers.patience import eventually, was_within
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.servers import Urls
from tests.helpers.stand_ins import Front, served
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Event, MessageType, ResponseUrl, Speaker
from waddlebot.domain.known_people import KnownPerson, account_in
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores import keys
from waddlebot.stores.keys import Partition
from waddlebot.stores.known_people import ROLE_SECONDS, KnownPeople
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.shown_names import names_of_places
from waddlebot.stores.streams import decode_outgoing
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

__all__ = ["logging_restored"]  # a fixture

PLACE = EntityId("slack:channel:T0WADDLEBOT/C0GENERAL")
OLGA, MAX, ANA = "U0OLGA", "U0MAX", "U0ANA"
_numbers = count(1)


@pytest.fixture
def slack() -> Iterator[Front]:
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
    slack: Front,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Doors]:
    for name in ("SLACK_BOT_TOKEN", "SLACK_API_URL"):
        monkeypatch.setenv(name, slack.environment[name])
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        route(line("hello", OLGA))  # the greeting of a new place
        doors.functions.seen.clear()
        forget(cache)
        yield doors


def forget(cache: redis.Redis) -> None:
    """As when it is long ago; the versions of tables stay."""
    for key in cache.scan_iter("waddlebot:known:*"):
        cache.delete(key)


def known_here(user: str) -> str:
    return keys.known_person(*account_in("T0WADDLEBOT", Account("slack", user)))


def line(text: str, user: str, **fields: Any) -> Event:
    return an_event(
        text,
        id=f"slack:T0WADDLEBOT/C0GENERAL/{next(_numbers)}.{secrets.token_hex(4)}",
        entity=fields.pop("entity", PLACE),
        user=Speaker(id=user, name=user),
        occurred_at=fields.pop("occurred_at", datetime.now(UTC)),
        **fields,
    )


def asked(text: str, user: str) -> Event:
    until = datetime.now(UTC) + timedelta(seconds=1.8)
    url = ResponseUrl(url="https://hooks.slack.com/commands/1", until=until)
    return line(text, user, type=MessageType.SLASH_COMMAND, asked_until=until, way_back=url)


def route(*events: Event) -> list[Any]:
    payload = json.loads(
        msgspec.json.encode({"v": 1, "events": events, "owner": secrets.token_hex(8)})
    )
    results: list[Any] = stream_handler.handler(payload, AwsContext())["results"]
    return results


def said(streams: redis.Redis) -> list[str]:
    left = streams.xrange(Partition().replies_stream())
    return [str(getattr(decode_outgoing(fields), "text", "")) for _, fields in left]


def questions(doors: Doors) -> list[Any]:
    return [json.loads(one.body) for one in doors.functions.seen if one.function == "ask-slack"]


def forbid(database: Postgres, versions: Versions, phrase: str) -> None:
    statement = "SELECT community_id FROM entities WHERE entity_id = %(at)s"
    community = CommunityId(database.write(statement, {"at": PLACE})[0]["community_id"])
    with editing(database, versions) as edit:
        StringRules(edit).add(
            community,
            match_type=MatchType.CONTAINS,
            pattern=phrase,
            action=RuleAction.WARN,
            by="slack:U0OLGA",
        )


@pytest.mark.parametrize("place", ["twitch:channel:77", "slack:channel:T0OTHER/C0ELSEWHERE"])
def test_an_id_that_is_typed_elsewhere_tells_no_name(
    doors: Doors, streams: redis.Redis, place: str
) -> None:
    """Also after the bot knows it: the names of a workspace are told there."""
    assert doors
    typed = "!addquote hello <@U0MAX> U0MAX <#C0GENERAL> — <@U0OLGA>"

    def hears(at: EntityId) -> str:
        someone = Speaker(id="U0X1", name="someone", role=Role.MODERATOR)
        before = len(said(streams))
        for text in (typed, "!quote hello"):
            told = msgspec.structs.replace(line(text, "U0X1", entity=at), user=someone)
            route(told)
        return " | ".join(said(streams)[before:])

    for at in (EntityId(place), EntityId(place)):
        elsewhere = hears(at)
        assert "Kept as quote" in elsewhere
        assert not re.search(r"Max|Olga|#general", elsewhere), elsewhere
        here = hears(PLACE)
        assert "@Max" in here, here


def test_a_member_of_the_workspace_who_never_wrote_gets_a_label_and_nobody_else_does(
    doors: Doors, streams: redis.Redis
) -> None:
    assert doors

    def says(text: str) -> str:
        before = len(said(streams))
        route(line(text, OLGA))
        return " | ".join(said(streams)[before:])

    says("!labels make regular")
    for nobody in ("U0NOBODY1", "U0GONE99"):
        told = says(f"!labels add <@{nobody}> regular")
        assert "Ask them to say something first" in told
    assert "has the label 'regular'" in says(f"!labels add <@{ANA}> regular")


def test_a_quiet_line_costs_no_question_and_a_batch_costs_one(doors: Doors) -> None:
    route(*(line("good evening everybody", f"U0GUEST{n}") for n in range(20)))
    assert questions(doors) == []
    route(*(line("#roll 1d1", user) for user in (OLGA, MAX, ANA, ANA)), line("hello", "U0QUIET"))
    [question] = questions(doors)
    assert sorted(question["people"]) == sorted([OLGA, MAX, ANA])


def test_who_was_asked_about_is_remembered_also_for_quiet_lines_and_roles_for_ten_minutes(
    doors: Doors, cache: redis.Redis, database: Postgres, streams: redis.Redis
) -> None:
    route(line("#roll 1d1", ANA))
    route(line("#roll 1d1", ANA), line("a quiet line", ANA))
    assert len(questions(doors)) == 1
    assert any("Ana rolled" in text for text in said(streams))
    statement = "SELECT DISTINCT user_name FROM messages WHERE user_id = %(user)s"
    rows = database.write(statement, {"user": ANA})
    assert [row["user_name"] for row in rows] == ["Ana"]
    assert 0 < cache.ttl(known_here(ANA)) <= ROLE_SECONDS == 600
    cache.delete(known_here(ANA))  # the ten minutes are over
    route(line("#roll 1d1", ANA))
    assert len(questions(doors)) == 2


def test_the_owner_of_the_workspace_may_and_nobody_else_there(doors: Doors) -> None:
    [owner] = route(asked("settings set timezone Europe/Berlin", OLGA))
    [other] = route(asked("settings set timezone Europe/Paris", MAX))
    assert "timezone is Europe/Berlin now" in owner["replies"][0]["text"]
    assert "is for admins only" in other["replies"][0]["text"]
    assert questions(doors)


def test_who_visits_another_workspace_through_a_shared_channel_keeps_the_rights_at_home(
    doors: Doors, cache: redis.Redis
) -> None:
    """Of a visitor Slack shows the other workspace no role; the answers come in either order."""
    assert doors
    store, olga = KnownPeople(cache), Account("slack", OLGA)
    visiting = KnownPerson(name="Olga", home="slack:server:T0WADDLEBOT", is_member=True)
    store.keep_person(olga, visiting)
    store.keep_person(account_in("T0OTHER", olga), visiting, named=olga)
    elsewhere = EntityId("slack:channel:T0OTHER/C0SHARED")

    for _ in range(2):
        [away] = route(msgspec.structs.replace(asked("!settings", OLGA), entity=elsewhere))
        assert away["replies"]
        [home] = route(asked("settings set timezone Europe/Berlin", OLGA))
        assert "timezone is Europe/Berlin now" in home["replies"][0]["text"]


def test_slack_that_is_slow_or_fails_leaves_the_asking_person_a_user_in_time(
    doors: Doors, slack: Front, cache: redis.Redis
) -> None:
    for what, command in (
        ("5xx", "settings set prefix ?"),
        ("drop", "roles give <@U0ANA> moderator"),
        ("slow", "commands off quote"),
    ):
        slack.breaks("slack", what, seconds=3, times=2)  # about the person, and the channel
        began = time.monotonic()
        [result] = route(asked(command, OLGA))
        assert was_within(1.8, began), what
        assert "is for admins only" in result["replies"][0]["text"], what
        forget(cache)
    assert len(questions(doors)) == 3


def test_slack_that_wants_a_pause_is_left_alone_for_as_long_as_it_says(
    doors: Doors, slack: Front, cache: redis.Redis
) -> None:
    slack.breaks("slack", "429", seconds=30, times=2)  # about the person, and the channel
    route(line("#roll 1d1", ANA))
    assert 25 <= cache.ttl(keys.asking_rests("slack:T0WADDLEBOT")) <= 30
    route(line("#roll 1d1", ANA))
    assert len(questions(doors)) == 2
    assert cache.get(known_here(ANA)) is None
    for _ in range(2):  # the first refusal ends the questions: the second may be left
        cache.delete(keys.asking_rests("slack:T0WADDLEBOT"))
        route(line("#roll 1d1", ANA))
    assert cache.get(known_here(ANA))


def test_nobody_is_moderated_before_slack_has_said_who_it_is(
    doors: Doors,
    slack: Front,
    database: Postgres,
    versions: Versions,
    cache: redis.Redis,
) -> None:
    forbid(database, versions, "buy crypto")
    owner, person = line("buy crypto", OLGA), line("buy crypto", ANA)
    slack.breaks("slack", "5xx", times=4)  # three people and the channel, in whichever order
    waiting = route(owner, person, line("#roll 1d1", MAX))
    assert [one["standing"] for one in waiting] == ["busy", "busy", "ours"]
    assert [one["standing"] for one in route(owner)] == ["busy"]  # Slack is left alone a while

    def are_answered() -> bool:
        forget(cache)
        standings = {one["standing"] for one in route(owner, person)}
        return standings <= {"ours", "done"}

    assert eventually(are_answered, within=15)
    rows = database.write(
        "SELECT user_id, reason FROM command_executions WHERE module = 'moderation'"
    )
    assert {row["user_id"]: row["reason"] for row in rows} == {OLGA: "exempt", ANA: "allowed"}
    assert doors.functions.seen


def test_a_line_is_not_waited_for_longer_than_rules_act(
    doors: Doors, slack: Front, database: Postgres, versions: Versions
) -> None:
    forbid(database, versions, "buy crypto")
    slack.breaks("slack", "5xx")
    old = datetime.now(UTC) - timedelta(minutes=6)
    [result] = route(line("buy crypto", ANA, occurred_at=old))
    assert result["standing"] == "ours"
    [row] = database.write("SELECT reason FROM command_executions WHERE module = 'moderation'")
    assert row["reason"] == "stale"
    assert questions(doors)


def test_who_nobody_knows_is_asked_about_once(doors: Doors) -> None:
    for _ in range(2):
        route(line("#roll 1d1", "U0NOBODY"))
    assert len(questions(doors)) == 1


def test_what_is_asked_while_somebody_changes_is_not_kept(
    doors: Doors, cache: redis.Redis, slack: Front
) -> None:
    route(line("#roll 1d1", OLGA))
    change = an_event(
        id="slack:Ev1",
        type=MessageType.PROFILE_CHANGE,
        entity=EntityId("slack:server:T0WADDLEBOT"),
        user=None,
        data={"user_id": OLGA, "name": "Olga the Former"},
        watched_only=True,
        occurred_at=datetime.now(UTC),
    )
    assert slack.url
    route(change)
    assert cache.get(known_here(OLGA)) is None
    assert cache.get(keys.known_name("slack", OLGA)) == b"Olga the Former"
    route(line("#roll 1d1", OLGA))
    assert cache.get(known_here(OLGA)) is None
    assert len(questions(doors)) == 2


def test_a_channels_link_without_its_name_is_asked_about_once_and_read_by_its_name(
    doors: Doors, slack: Front, streams: redis.Redis
) -> None:
    link = slack.says("ana", "slack", "hello", channel="roll")["channel"]
    for text in (f"<#{link}|> 1d1", f"  <#{link}> 1d1", f"look at <#{link}|> 1d1"):
        route(line(text, ANA))
    assert [text for text in said(streams) if "Ana rolled" in text] == said(streams)[-2:]
    # Where the line was said is asked with who said it, once.
    assert [one["channels"] for one in questions(doors)] == [["C0GENERAL", link]]
    route(line("<#C0NOWHERE|> 1d1", ANA), line("<#C0NOWHERE|> 2d1", ANA))
    route(line("<#C0NOWHERE|> 1d1", ANA))
    assert [one["channels"] for one in questions(doors)] == [["C0GENERAL", link], ["C0NOWHERE"]]


def test_a_channel_is_called_by_the_name_that_slack_says(doors: Doors, database: Postgres) -> None:
    route(line("!help", ANA))
    [question] = questions(doors)
    assert question["channels"] == ["C0GENERAL"]
    names = names_of_places(database, [PLACE])
    assert ShownNames(places=names).place(PLACE) == "#general on Slack"


def test_a_leaderboard_and_a_quote_name_people_whose_ids_stand_there(
    doors: Doors, streams: redis.Redis
) -> None:
    route(line("hello there", MAX), line("so quiet", ANA))
    route(line("!leaderboard", OLGA))
    shown = said(streams)[-1]
    assert re.search(r"\bMax \(Slack\) 5\b", shown)
    assert re.search(r"\bAna \(Slack\) 5\b", shown)
    assert "U0" not in shown
    assert len(questions(doors)) == 2


def test_a_leaderboard_names_them_on_other_platforms_too(
    doors: Doors,  # noqa: ARG001 - open
    streams: redis.Redis,
    database: Postgres,
    versions: Versions,
) -> None:
    twitch = EntityId("twitch:channel:1001")
    with editing(database, versions) as edit:
        Places(edit).join([twitch, PLACE], "Penguins")
    route(line("hello there", MAX), line("so quiet", ANA))
    route(line("!leaderboard", "4100003", entity=twitch))
    shown = said(streams)[-1]
    assert re.search(r"\bMax \(Slack\) 5\b", shown), shown
    assert "U0" not in shown


@pytest.mark.parametrize("scopes", ["chat:write", "chat:write,users:read.email"])
def test_a_scope_that_is_missing_is_said_to_the_operator(
    scopes: str,
    doors: Doors,
    monkeypatch: pytest.MonkeyPatch,
    cache: redis.Redis,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with served(SLACK_SCOPES=scopes) as poor:
        monkeypatch.setenv("SLACK_API_URL", poor.environment["SLACK_API_URL"])
        slack_handler.workspaces.cache_clear()
        slack_handler.client_with.cache_clear()
        [result] = route(asked("settings set prefix ?", OLGA))
    assert "is for admins only" in result["replies"][0]["text"]
    assert cache.ttl(keys.asking_rests("slack:T0WADDLEBOT")) > 50
    assert "Give the app the scopes users:read" in capsys.readouterr().out
    assert len(questions(doors)) == 1
