"""Which lines come to a chat box, and how they leave it: the stream's door, and a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis

from functions.overlay import handler as overlay
from tests.helpers.events_and_commands import DISCORD, SLACK, TWITCH, a_speaker
from tests.helpers.overlays import a_token, give_token_of_all
from tests.helpers.router_doors import Doors
from tests.helpers.servers import Urls
from tests.helpers.stream_doors import route, told
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.chat_box.deeds import hide_chat, show_chat
from waddlebot.decisions.parts.rules.deeds import add_rule
from waddlebot.domain.chat_box import MOST_LINES
from waddlebot.domain.chat_lines import ChatLine, Removal
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.domain.events import Caller, Event, MessageType, Speaker
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.stores import keys
from waddlebot.stores.chat_lines import MOST_KNOWN, ChatLines
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

TOKEN = a_token("a chat box")
ELSEWHERE = EntityId("discord:channel:9/88")


class Box:
    """A community with places on all platforms, and what a page is told of its chat."""

    def __init__(self, database: Postgres, versions: Versions) -> None:
        self._database, self._versions = database, versions
        with editing(database, versions) as edit:
            self.community = Places(edit).join([TWITCH, DISCORD, SLACK, ELSEWHERE], "The Pond")
            give_token_of_all(edit.connection, self.community, TOKEN)

    @property
    def asker(self) -> Asker:
        return Asker.of_the_house("tests", self.community)

    def shows(
        self, *places: EntityId, commands: bool | None = None, asker: Asker | None = None
    ) -> None:
        asking, now = asker or self.asker, datetime.now(UTC)
        with editing(self._database, self._versions) as edit:
            show_chat(edit, asking, places=places, commands=commands, now=now)

    def hides(self) -> None:
        with editing(self._database, self._versions) as edit:
            hide_chat(edit, self.asker, now=datetime.now(UTC))

    def forbids(self, word: str, action: RuleAction = RuleAction.BLOCK) -> None:
        rule = StringRule(id=0, match_type=MatchType.CONTAINS, pattern=word, action=action)
        with editing(self._database, self._versions) as edit:
            add_rule(edit, self.asker, rule)

    def state(self, after: int = 0) -> Any:
        asked = {"chat": str(after), "after": "0"}
        path = {"token": TOKEN, "source": "general", "file": "state"}
        route_key = "GET /overlay/{token}/{source}/{file}"
        event = {"routeKey": route_key, "pathParameters": path, "queryStringParameters": asked}
        return json.loads(overlay.handler(event, None)["body"])["chat"]

    def entries(self, after: int = 0) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = self.state(after)["entries"]
        return told

    def texts(self) -> list[str]:
        """As the last line stands below."""
        return [
            "".join(part[-1] for part in one["parts"]) for one in self.entries() if "parts" in one
        ]


@pytest.fixture
def box(
    doors: Doors,  # noqa: ARG001 - open
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Box]:
    monkeypatch.setenv("DATABASE_URL", database_urls["DATABASE_URL"])
    overlay.resources.cache_clear()
    yield Box(database, versions)
    overlay.resources().close()
    overlay.resources.cache_clear()


def says(text: str, message: str, *, occurred_at: datetime | None = None, **more: Any) -> Event:
    line = told(text, message=message, id=f"{more.get('entity', TWITCH)}:{message}", **more)
    return msgspec.structs.replace(line, occurred_at=occurred_at or line.occurred_at)


def gone(*messages: str, entity: EntityId = TWITCH, **more: Any) -> Event:
    data = {"messages": list(messages)} if messages else {}
    fields = {"type": MessageType.GONE, "data": data, "watched_only": True, "user": None, **more}
    return told(entity=entity, **fields)


def test_nothing_is_kept_or_told_of_a_community_that_shows_no_chat(
    box: Box, cache: redis.Redis
) -> None:
    route(says("hello", "m1"))

    assert box.state() is None
    assert cache.keys(keys.chat_entries(box.community).replace("entries", "*")) == []


def test_twitch_is_shown_and_others_where_they_are_named(box: Box) -> None:
    box.shows(DISCORD)
    route(
        says("on Twitch", "m1"),
        says("on Discord", "m2", entity=DISCORD),
        says("elsewhere", "m3", entity=ELSEWHERE),
        says("on Slack", "m4", entity=SLACK),
        says("in a thread", "m5", entity=EntityId("discord:channel:9/99"), parent=DISCORD),
        says("an edit", "m6", watched_only=True),
        says("whispered", "m7", entity=EntityId("twitch:channel:whispers.5"), private=True),
    )

    assert box.texts() == ["on Twitch", "on Discord"]


def test_a_moderator_shows_the_channel_they_write_in_and_no_other_that_few_may_read(
    box: Box,
) -> None:
    moderator = Role.MODERATOR
    asker = Asker(
        by="discord:7",
        community=box.community,
        role=moderator,
        everywhere=moderator,
        at_home=moderator,
        entity=DISCORD,
    )
    for place in (ELSEWHERE, SLACK):
        with pytest.raises(Refusal, match="up to its admins"):
            box.shows(DISCORD, place, asker=asker)
    box.shows(DISCORD, TWITCH, asker=asker)

    box.shows(DISCORD, ELSEWHERE)
    box.shows(ELSEWHERE, commands=True, asker=asker)
    route(says("was shown already", "m1", entity=ELSEWHERE))

    assert box.texts() == ["was shown already"]


def test_who_names_a_channel_of_twitch_means_no_other(box: Box) -> None:
    other = EntityId("twitch:channel:2002")
    box.shows(TWITCH)
    with editing(box._database, box._versions) as edit:
        Places(edit).join([TWITCH, other], "The Pond")
    route(says("mine", "m1"), says("theirs", "m2", entity=other))

    assert box.texts() == ["mine"]


def test_a_line_that_a_rule_forbids_never_shows_nor_does_one_that_is_edited_to_it(box: Box) -> None:
    box.shows()
    box.forbids("nitro")
    box.forbids("spoiler", RuleAction.WARN)
    route(says("free nitro", "m1"), says("a spoiler", "m2"), says("fine", "m3"))
    assert box.texts() == ["fine"]

    route(told("now nitro", id="twitch:m3/edited", message="m3", watched_only=True))
    assert box.texts() == []


def edits(text: str, message: str, nth: int = 1, **more: Any) -> Event:
    place = more.get("entity", TWITCH)
    later = datetime.now(UTC) + timedelta(seconds=nth)
    line = told(text, id=f"{place}:{message}/{nth}", message=message, watched_only=True, **more)
    return msgspec.structs.replace(line, occurred_at=later)


def test_a_line_that_is_edited_says_what_it_says_now_in_its_place_and_for_its_time(
    box: Box,
) -> None:
    box.shows(DISCORD)
    route(says("frist", "m1", entity=DISCORD), says("second", "m2", entity=DISCORD))
    before = box.entries()
    route(edits("first", "m1", entity=DISCORD))
    [news] = box.entries(after=before[-1]["c"])

    assert news["was"] == before[0]["c"]
    assert (news["parts"], news["at"]) == ([["text", "first"]], before[0]["at"])
    route(edits("1st", "m1", 2, entity=DISCORD), edits("", "m2", entity=DISCORD))
    [again] = box.entries(after=news["c"])
    assert (again["was"], again["parts"]) == (before[0]["c"], [["text", "1st"]])
    assert sorted(box.texts()) == ["1st", "second"]
    route(gone("m1", entity=DISCORD))
    assert box.entries(after=again["c"])[0]["gone"] == [before[0]["c"]]
    route(edits("back", "m1", 3, entity=DISCORD), edits("unknown", "m9", entity=DISCORD))
    assert box.texts() == ["second"]


@pytest.mark.parametrize("text", ["\u3164", "!help"])
def test_a_line_that_is_edited_to_nothing_or_a_command_goes(box: Box, text: str) -> None:
    box.shows()
    route(says("first", "m1"), says("second", "m2"))
    route(edits(text, "m1"))

    assert box.texts() == ["second"]


def test_whom_rules_do_not_bind_is_shown(box: Box) -> None:
    box.shows()
    box.forbids("nitro")
    route(says("nitro is banned here", "m1", user=a_speaker("Max", Role.MODERATOR)))

    assert box.texts() == ["nitro is banned here"]


def test_of_too_many_places_none_is_looked_up(box: Box) -> None:
    with pytest.raises(Refusal, match="At most 50 places"):
        box.shows(*(EntityId(f"discord:channel:9/{number}") for number in range(51)))


def test_a_name_that_a_rule_forbids_is_not_shown_beside_what_its_person_writes(box: Box) -> None:
    box.shows()
    box.forbids("nitro")
    route(
        says("hello", "m1", user=a_speaker("FreeNitroHere")),
        says("hi", "m2", user=a_speaker("Ana")),
    )

    assert [one["name"] for one in box.entries()] == ["somebody", "Ana"]
    assert "Nitro" not in json.dumps(box.entries())


def test_what_looks_like_nothing_has_no_line_and_names_nobody(box: Box) -> None:
    box.shows()
    route(
        *(says(text, f"m{n}") for n, text in enumerate(("\u3164", "\u2800\u200b ", "\U000e0041"))),
        says("I am here", "m9", user=a_speaker("\u3164")),
    )

    assert [(one["name"], one["parts"]) for one in box.entries()] == [
        ("somebody", [["text", "I am here"]])
    ]


@pytest.mark.parametrize("length", [480, 499, 520, 1900])
def test_what_is_hidden_behind_a_spoiler_is_hidden_however_long_it_is(
    box: Box, length: int
) -> None:
    box.shows(DISCORD)
    secret = ("the butler did it " * 120)[:length]
    route(says(f"Who? ||{secret}|| Now you know.", "m1", entity=DISCORD))

    assert box.texts() == ["Who? [spoiler] Now you know."]


def test_commands_and_bots_are_hidden_and_commands_are_shown_where_that_is_wished(box: Box) -> None:
    box.shows()
    bot = Speaker(id="19264788", name="Nightbot", login="nightbot")
    route(
        says("!help", "m1"),
        says("!unknown to us", "m2"),
        says("#roll d6", "m3"),
        says("Follow!", "m4", user=bot),
        says("hi", "m5"),
    )
    assert box.texts() == ["hi"]

    box.shows(commands=True)
    route(says("!help", "m6"), says("!verify 12345678", "m7"))
    assert box.texts() == ["!help"]


def test_what_is_deleted_where_it_was_written_is_gone(box: Box) -> None:
    box.shows(DISCORD)
    route(*(says(f"line {n}", f"m{n}") for n in range(4)), says("there", "m1", entity=DISCORD))
    before = box.entries()
    route(gone("m1", "m2"))

    assert box.texts() == ["line 0", "line 3", "there"]
    [news] = box.entries(after=before[-1]["c"])
    assert news["gone"] == [before[1]["c"], before[2]["c"]]
    route(gone())
    assert box.texts() == ["there"]


def test_all_of_somebody_goes_with_a_timeout_or_a_ban_and_what_comes_after_is_shown(
    box: Box,
) -> None:
    box.shows()
    bad = a_speaker("Bad")
    for kind in (MessageType.TIMEOUT, MessageType.BAN, MessageType.GONE):
        route(says("bad", f"{kind}-1", user=bad), says("good", f"{kind}-2"))
        route(told(type=kind, user=bad, message=None, watched_only=kind is MessageType.GONE))
        assert "bad" not in box.texts()
    assert box.texts() == ["good"] * 3
    later = datetime.now(UTC) + timedelta(seconds=5)
    route(gone())
    route(says("I am sorry", "m9", user=bad, occurred_at=later))

    assert box.texts() == ["I am sorry"]


def test_who_is_sent_away_by_a_login_alone_is_found_by_their_name(box: Box) -> None:
    """Twitch says no id where its line has no tags: the login stands for both."""
    box.shows()
    bad, login = Speaker(id="666", name="Bad_One"), Speaker(id="bad_one", name="bad_one")
    for kind in (MessageType.TIMEOUT, MessageType.BAN):
        route(says("bad", f"{kind}-1", user=bad), says("good", f"{kind}-2"))
        late = says("late", f"{kind}-3", user=bad)
        route(told(type=kind, user=login, message=None, data={"user_login": "bad_one"}))
        route(late)
    assert box.texts() == ["good"] * 2


def test_a_line_that_comes_behind_its_deletion_is_not_shown(box: Box) -> None:
    box.shows()
    early = told("too late", id="twitch:m1", message="m1")
    route(gone("m1"))
    route(early)

    assert box.texts() == []


def test_what_its_platform_has_no_line_of_is_not_shown_for_nobody_could_delete_it(
    box: Box,
) -> None:
    box.shows()
    cheered = told("Cheer100 nice", type=MessageType.CHEER, id="twitch:note", data={"bits": 100})
    by_key = told("on your stream", id="api:1:a", way_back=Caller())
    route(
        says("Cheer100 nice", "m1", data={"bits": 100}),
        msgspec.structs.replace(cheered, message=None),
        msgspec.structs.replace(by_key, message=None),
    )

    assert box.texts() == ["Cheer100 nice"]
    route(gone("m1"))
    assert box.texts() == []


def test_deletions_in_no_shape_of_any_take_nothing_and_hold_nobody_up(box: Box) -> None:
    box.shows()
    odd = [5, "m1", {"m1": 1}, [["m1"], 7]]
    route(
        says("first", "m1"),
        *(gone(id=f"gone-{n}", data={"messages": one}) for n, one in enumerate(odd)),
        says("second", "m2"),
    )

    assert box.texts() == ["first", "second"]


def test_a_line_that_is_delivered_again_stands_there_once(box: Box) -> None:
    box.shows()
    line = says("hello", "m1")
    route(line)
    route(line, says("second", "m2"))

    assert box.texts() == ["hello", "second"]


def test_a_few_of_the_last_are_kept_and_not_for_long(box: Box, cache: redis.Redis) -> None:
    box.shows()
    route(*(says(f"line {n}", f"m{n}") for n in range(MOST_LINES + 5)))

    assert box.texts() == [f"line {n}" for n in range(5, MOST_LINES + 5)]
    for key in (keys.chat_entries(box.community), keys.chat_known(box.community)):
        assert 0 < int(cache.ttl(key)) <= 600  # type: ignore[arg-type]


def test_what_was_said_before_it_was_switched_on_again_stays_away(box: Box) -> None:
    box.shows()
    route(says("before", "m1"))
    box.hides()
    assert box.state() is None
    box.shows()
    assert box.texts() == []


def test_a_line_is_dressed_as_its_platform_dresses_it(box: Box) -> None:
    box.shows(DISCORD, SLACK)
    looks = "#1E90FF\tmoderator,subscriber,unknown\t25:Kappa 9/../x:Hello"
    line = says("Hello Kappa \N{WAVING HAND SIGN} <script>", "m1")
    dressed = msgspec.structs.replace(line, looks=looks)
    route(
        dressed,
        says("<a:party:123> ||the end|| <@55>", "m2", entity=DISCORD),
        says(":wave: :own_one:", "m3", entity=SLACK, user=a_speaker("U0CHO")),
    )
    twitch, discord, slack = box.entries()

    assert (twitch["name"], twitch["color"]) == ("Ana", "#1e90ff")
    assert twitch["badges"] == ["moderator", "subscriber"]
    assert twitch["parts"] == [
        ["text", "Hello "],
        ["emote", "twitch", "25", "Kappa"],
        ["text", " \N{WAVING HAND SIGN} <script>"],
    ]
    assert discord["parts"] == [
        ["emote", "discord", "123", "party"],
        ["text", " [spoiler] @somebody"],
    ]
    assert slack["parts"] == [["text", "\N{WAVING HAND SIGN} :own_one:"]]
    assert not {"whose", "name_of"} & slack.keys()
    assert "id-ana" not in json.dumps(twitch)


def test_whoever_looks_gets_a_frame_that_says_what_it_follows(
    box: Box, database: Postgres, doors: Doors
) -> None:
    box.shows()
    database.write(
        """
        INSERT INTO overlay_tokens (community_id, source, token_hash)
        VALUES (%(id)s, 'general', 'x')
        """,
        {"id": box.community},
    )
    database.write(
        """
        INSERT INTO overlay_sockets
            (connection_id, community_id, source, token_hash, connected_at, ends_at)
        VALUES ('s1', %(id)s, 'general', 'x', now(), now() + interval '1 h')
        """,
        {"id": box.community},
    )
    frames: list[dict[str, Any]] = []
    doors.handlers["overlay-push"] = lambda payload, _context: (
        frames.extend(payload["frames"]) or {}
    )
    route(says("one", "m1"))
    route(says("two", "m2"))

    first, second = frames
    assert first["sockets"] == second["sockets"] == ["s1"]
    assert second["frame"]["after"] == first["frame"]["entries"][-1]["c"]
    assert [one["frame"]["kind"] for one in frames] == ["chat", "chat"]


def test_an_edit_that_comes_before_its_line_is_what_the_line_says(box: Box) -> None:
    box.shows(DISCORD)
    box.forbids("spam")
    route(edits("first, and ten", "m1", entity=DISCORD))
    assert box.texts() == []
    route(says("frist", "m1", entity=DISCORD))
    assert box.texts() == ["first, and ten"]
    route(edits("first", "m1", 2, entity=DISCORD))
    assert box.texts() == ["first"]
    route(edits("ducks", "m2", entity=DISCORD), gone("m2", entity=DISCORD))
    route(says("dukcs", "m2", entity=DISCORD))
    route(edits("it is spam", "m3", entity=DISCORD))
    route(says("it is fine", "m3", entity=DISCORD))
    assert box.texts() == ["first"]


def test_of_edits_that_wait_for_their_lines_so_many_are_kept(box: Box, cache: redis.Redis) -> None:
    lines = ChatLines(cache)
    waiting = [
        ChatLine(name=f"p|m{number}", whose="discord:7", at=1.0, shown={"at": 1.0, "parts": []})
        for number in range(1_000)
    ]
    for start in range(0, 1_000, 100):
        lines.change(box.community, waiting[start : start + 100])
    known = keys.chat_known(box.community)
    assert cache.hlen(known) <= MOST_KNOWN
    forgotten = Removal(kind="forgotten", what="discord:7", at=datetime.now(UTC))
    lines.remove(box.community, [forgotten])
    assert [one for one in cache.hkeys(known) if one.startswith(b"early ")] == []
