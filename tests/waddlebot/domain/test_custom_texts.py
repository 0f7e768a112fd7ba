"""Texts of custom commands: as other bots' documents have them, and as nobody means well."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waddlebot.domain.custom_facts import Fact, Facts, Standing, StreamFacts
from waddlebot.domain.custom_meanings import Calling
from waddlebot.domain.custom_texts import MOST_CHARACTERS
from waddlebot.domain.custom_variables import check_text, needs_of, tell
from waddlebot.domain.errors import Refusal
from waddlebot_sdk.own_words import in_usual_words

MOST = 500
SECONDS_AT_MOST = 1.0
"""Of the CPU; what is measured takes a hundredth of it."""


STREAM = StreamFacts(
    name="The_Pond",
    login="the_pond",
    title="Waddling",
    game="Chess",
    started_at=datetime(2026, 7, 1, 16, 0, 9, tzinfo=UTC),
    viewers=12,
    followers=1200,
)


def calling(typed: str = "", **more: object) -> Calling:
    told: dict[str, object] = {
        "command": "hello",
        "typed": typed,
        "user": "Ana",
        "user_id": "42",
        "level": "user",
        "channel": "The Pond",
        "platform": "twitch",
        "zone": "Europe/Berlin",
        "now": datetime(2026, 7, 1, 18, 5, 9, tzinfo=UTC),
        "chance": Random(7),  # noqa: S311
        "count": counting(),
        "place": "1001",
        "facts": Facts(standing=Standing(points=120, rank=5, ranked=283), stream=STREAM),
        **more,
    }
    return Calling(**told)  # type: ignore[arg-type]


def counting() -> Callable[[str, int], int]:
    counted: dict[str, int] = {}

    def count(counter: str, by: int) -> int:
        counted[counter] = counted.get(counter, 0) + by
        return counted[counter]

    return count


def said(text: str, typed: str = "") -> str:
    check_text(text)
    return tell(text, calling(typed), most=MOST)


WORKS = (
    # Nightbot: docs.nightbot.tv, "Variables"; its texts have `$(…)`.
    ("nightbot", "Hi $(user)", "", "Hi Ana"),
    ("nightbot", "$(touser)", "@Pip", "Pip"),
    ("nightbot", "$(touser)", "", "Ana"),
    ("nightbot", "$(userid)", "", "42"),
    ("nightbot", "$(userlevel)", "", "user"),
    ("nightbot", "$(1) and $(2)", "one two", "one and two"),
    ("nightbot", "<$(3)>", "one two", "<>"),
    ("nightbot", "$(query)", "a  b", "a  b"),
    ("nightbot", "$(querystring)", "a b&c", "a+b%26c"),
    ("nightbot", "$(channel)", "", "The Pond"),
    ("nightbot", "$(provider)", "", "twitch"),
    ("nightbot", "$(count)", "", "1"),
    ("nightbot", "$(time Europe/Berlin)", "", "20:05"),
    ("nightbot", '$(time America/New_York "h:mm A")', "", "2:05 PM"),
    ("nightbot", '$(time US/Arizona "LTS")', "", "11:05:09 AM"),
    ("nightbot", '$(time UTC "dddd D MMMM YYYY [at] HH:mm")', "", "Wednesday 1 July 2026 at 18:05"),
    ("nightbot", "$(countdown Dec 24 2026 06:00:00 PM UTC)", "", "175 days 23 hours 54 minutes"),
    ("nightbot", "$(countdown 2026-07-01 20:06)", "", "51 seconds"),
    ("nightbot", "$(countdown Jul 1 2026)", "", "0 seconds"),
    ("nightbot", "$(countup Jul 1 2026 12:00:00 AM EST)", "", "13 hours 5 minutes 9 seconds"),
    ("nightbot", "$(countup 1 July 2026 16:00 +02:00)", "", "4 hours 5 minutes 9 seconds"),
    ("nightbot", "$(channelid) $(chatid)", "", "1001 1001"),
    ("nightbot", '$(twitch $(channel) "{{game}}, {{viewers}} {{x}}")', "", "Chess, 12 "),
    (
        "nightbot",
        '$(twitch $(channel) "{{title}} {{uptimeLength}}")',
        "",
        "Waddling 2 hours 5 minutes",
    ),
    ("nightbot", '$(twitch $(channel) "{{displayName}} {{name}}")', "", "The_Pond the_pond"),
    ("nightbot", '$(twitch $(channel) "{{uptimeAt}}")', "", "2026-07-01 16:00 UTC"),
    (
        "nightbot",
        '$(twitch $(channel) "{{url}} {{followers}}")',
        "",
        "https://twitch.tv/the_pond 1200",
    ),
    # StreamElements: docs.streamelements.com, "Variables"; `${…}` and `$(…)`.
    ("streamelements", "${user}", "", "Ana"),
    ("streamelements", "$(sender) ${source}", "", "Ana Ana"),
    ("streamelements", "$(user.name)", "", "ana"),
    ("streamelements", "$(user adeithe)", "", "adeithe"),
    ("streamelements", "${touser}", "Pip", "Pip"),
    ("streamelements", "${user.level}", "", "user"),
    ("streamelements", "${1} ${2:}", "a b c", "a b c"),
    ("streamelements", "${1:2}", "a b c", "a b"),
    ("streamelements", "${1|'a friend'}", "", "a friend"),
    ("streamelements", "${1|$(user)}", "", "Ana"),
    ("streamelements", "${count}", "", "1"),
    ("streamelements", "${count deaths} ${getcount deaths}", "", "1 1"),
    ("streamelements", "${count deaths +5}", "", "5"),
    ("streamelements", "${getcount}", "", "0"),
    ("streamelements", "${random.pick a}", "", "a"),
    ("streamelements", "${random.pick 'two words' \"two words\"}", "", "two words"),
    ("streamelements", "${random.5-5}", "", "5"),
    ("streamelements", "${random 5 5}", "", "5"),
    ("streamelements", "${repeat 3 Waddle}", "", "Waddle Waddle Waddle"),
    ("streamelements", "${queryescape a b}", "", "a+b"),
    ("streamelements", "${pathescape a b/c}", "", "a%20b%2Fc"),
    ("streamelements", "${channel.display_name}", "", "The Pond"),
    ("streamelements", "${time}", "", "20:05"),
    ("streamelements", "${queryescape ${1}}", "a&b c", "a%26b"),
    ("streamelements", "${uptime}", "", "2 hours 5 minutes"),
    ("streamelements", "${game} ${title} ${status}", "", "Chess Waddling Waddling"),
    ("streamelements", "${channel.viewers} ${channel.followers}", "", "12 1200"),
    ("streamelements", "${channel.alias}", "", "the pond"),
    ("streamelements", "${user.points} ${pointsname}", "", "120 points"),
    ("streamelements", "${points} ${user.points_alltime}", "", "120 120"),
    ("streamelements", "${user.points_rank} ${rank}", "", "5/283 5/283"),
    ("streamelements", "${user.points_alltime_rank}", "", "5/283"),
    ("streamelements", "${random.emote}", "", "SeemsGood"),
)
"""(bot, text, what is typed behind it, what is said): what works."""

REFUSED = (
    *(("nightbot", f"$({one})", "runs a program") for one in ("eval 1+1", "eval $(1)")),
    *(
        ("nightbot", f"$({one})", "asks another server")
        for one in ("urlfetch https://x.y/", "customapi https://x.y/")
    ),
    ("nightbot", "$(weather 85001)", "asks a service that nobody connects here"),
    ("nightbot", "$(leagueoflegends Ana na1)", "asks a service that nobody connects here"),
    ("nightbot", "$(countdown tomorrow or so)", "is no time. Say it like"),
    ("nightbot", "$(twitch pip {{game}})", "about this channel"),
    ("streamelements", "${uptime pip}", "this community's own channel"),
    ("streamelements", "${setgame Chess}", "a text changes nothing. Change it on Twitch"),
    ("streamelements", "${settitle Hi}", "a text changes nothing. Change it on Twitch"),
    ("streamelements", "${user.points pip}", "the points of who types the command"),
    ("streamelements", "${math 1+1}", "runs a program"),
    ("streamelements", "${customapi.https://x.y/}", "asks another server"),
    *(
        ("streamelements", f"${{{one}}}", "is not known here yet")
        for one in (*("user.lastseen", "random.chatter", "quote", "channel.subs", "followage"),)
    ),
)
"""(bot, text, what is said instead)."""


@pytest.mark.parametrize(("bot", "text", "typed", "what"), WORKS)
def test_what_works_of_other_bots(bot: str, text: str, typed: str, what: str) -> None:
    assert said(text, typed) == what, bot


@pytest.mark.parametrize(("bot", "text", "why"), REFUSED)
def test_what_is_refused_says_why(bot: str, text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_text(text)
    assert why in in_usual_words(refused.value.say), bot
    assert len(in_usual_words(refused.value.say)) < MOST


def test_a_text_tells_beforehand_what_is_asked_for() -> None:
    assert needs_of("Hi $(user)") == frozenset()
    assert needs_of("${1|${user.points}} $(rank)") == {Fact.POINTS, Fact.RANK}


def test_what_could_not_be_asked_for_is_said_in_its_place() -> None:
    away = Facts(why={Fact.POINTS: "not known for the moment"})
    assert tell("You have $(points).", calling(facts=away), most=MOST) == (
        "You have (not known for the moment)."
    )


@pytest.mark.parametrize(
    ("text", "typed", "what"),
    [
        ("It costs $5, or 5$ ($)", "", "It costs $5, or 5$ ($)"),
        (r"\$(user) is $(user)", "", "$(user) is Ana"),
        ("(a $(random.pick (b)) c)", "", "(a (b) c)"),
        ("$(query)", "$(count) ${user} $(eval 1)", "$(count) ${user} $(eval 1)"),
        ("$(1)", '"two words" three', "two words"),
        ("$(2-)", 'a "b c" d', '"b c" d'),
        ("$(query|nothing)", "", "nothing"),
        ("$(USER)", "", "Ana"),
    ],
)
def test_signs_are_read_as_they_are_meant(text: str, typed: str, what: str) -> None:
    assert said(text, typed) == what


HOSTILE = (
    "$(" * 250,
    "${" * 250,
    "$(user " * 70,
    "$(repeat 20 " * 4 + "x" + ")" * 4,
    "$(repeat 20 $(query))" * 20,
    "$(query)" * 60,
    "$(random " + "9" * 480 + ")",
    "$(random -9999999999-9999999999)",
    "$(repeat 99999999999 x)",
    "$(count " + "x" * 480 + ")",
    "$(time " + "../" * 150 + "etc/passwd)",
    "$(time /etc/localtime)",
    "$(time \0)",
    '$(time UTC "' + "LTS" * 150 + '")',
    "$(random.pick " + "' " * 230 + ")",
    "$(__class__)",
    "$(user.__class__.__mro__)",
    "$(user|" * 60 + ")" * 60,
    "$(1:99)$(99-)$(0)$(100)",
    "\\" * 500,
    "$(countdown " + "9" * 480 + ")",
    "$(countup $(query))$(countdown 0001-01-01)$(countup 9999-12-31 23:59 -12:00)",
    "$(user){{7*7}}{% for x in y %}%s%n{0.__class__}",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_ends_and_is_short(text: str) -> None:
    began = time.process_time()
    assert len(said_or_refused(text, "x " * 2_000)) <= MOST
    assert time.process_time() - began < SECONDS_AT_MOST


def said_or_refused(text: str, typed: str) -> str:
    try:
        return said(text, typed)
    except Refusal as refusal:
        return in_usual_words(refusal.say)


@settings(deadline=None, max_examples=300)
@given(st.text("$(){}|\\'\" 12-:.ausertcondmpik", max_size=MOST_CHARACTERS), st.text(max_size=200))
def test_any_text_is_said_or_refused(text: str, typed: str) -> None:
    assert len(said_or_refused(text, typed)) <= MOST
