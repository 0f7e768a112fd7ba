"""Texts of custom commands: as other bots' documents have them, and as nobody means well."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.custom_calling import MOST, calling, said
from waddlebot.domain.custom_facts import Fact, Facts
from waddlebot.domain.custom_texts import MOST_CHARACTERS
from waddlebot.domain.custom_variables import check_text, needs_of, tell
from waddlebot.domain.errors import Refusal
from waddlebot_sdk.own_words import in_usual_words

SECONDS_AT_MOST = 1.0
"""Of the CPU; what is measured takes a hundredth of it."""


def test_a_text_tells_beforehand_what_is_asked_for() -> None:
    assert needs_of("Hi $(user)") == frozenset()
    assert needs_of("${1|${user.points}} $(rank)") == {Fact.POINTS, Fact.RANK}


def test_what_could_not_be_asked_for_is_said_in_its_place() -> None:
    away = Facts(why={Fact.POINTS: "not known for the moment"})
    assert tell("You have $(points).", calling(facts=away), most=MOST) == (
        "You have (not known for the moment)."
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("$(quote)$(quote)$(quote)$(quote)", "asks for 3 things at most"),
        ("$(urlfetch https://x.y/?n=$(count))", "known before a text counts or asks"),
        ("$(quote $(urlfetch https://x.y/))", "known before a text counts or asks"),
        ("$(urlfetch http://x.y/)", "begins with https://"),
        ("$(urlfetch https://127.0.0.1/)", "has a name here, not a number"),
        ("$(urlfetch https://user:secret@x.y/)", "no name and password"),
        ('$(twitch "{{game}}")', "Name a channel: "),
    ],
)
def test_what_is_asked_for_is_looked_at_when_it_is_saved(text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_text(text)
    assert why in in_usual_words(refused.value.say)


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
    "$(urlfetch https://" + "x" * 480 + ")",
    "$(quote $(query))$(urlfetch $(query))$(weather $(query))",
    '$(twitch $(channel) "' + "{{game}}" * 55 + '")',
    "$(tweet $(query))" * 25,
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
