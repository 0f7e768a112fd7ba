"""What OBS shows is said by the bot: rules, names and words of commands hold for all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.overlay.shown import shown
from functions.router.conclude import conclude
from functions.router.execute import Wave
from functions.router.hold_back import hold_back
from functions.router.rule_sets import RuleSets
from tests.helpers.events_and_commands import a_community, a_match, a_session, a_verdict
from tests.helpers.executions import ran
from tests.helpers.pushes import a_push
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot_sdk import General, Media, Ticker
from waddlebot_sdk.overlay_words import words_of
from waddlebot_sdk.own_words import word_response

FORBIDDEN = "free nitro"
RULE = StringRule(id=1, match_type=MatchType.CONTAINS, pattern=FORBIDDEN, action=RuleAction.BLOCK)
POLL = [{"label": FORBIDDEN, "votes": 1}, {"label": "b", "votes": 1}]
SHOWN = {
    "a song": Media(media_type="music", media_url="", details={"title": FORBIDDEN}),
    "an artist": Media(media_type="music", media_url="", details={"artist": FORBIDDEN}),
    "who wished it": Media(media_type="clip", media_url="", details={"requested_by": FORBIDDEN}),
    "a queue": Media(media_type="music", media_url="", details={"queue": [{"title": FORBIDDEN}]}),
    "a line in its details": Ticker("x", details={"ticker_text": FORBIDDEN}),
    "a name": General(content_type="alert", content="x", details={"name": FORBIDDEN}),
    "a message": General(content_type="alert", content="x", details={"message": FORBIDDEN}),
    "a title": General(content_type="announcement", content="x", details={"title": FORBIDDEN}),
    "a form": General(content_type="form", content="x", details={"form_title": FORBIDDEN}),
    "a poll": General(content_type="poll", content="Which?", details={"options": POLL}),
    "marked words": General(content_type="html", content="<p>free <b>ni</b>tro</p>"),
    "written otherwise": General(content_type="html", content="<p>fr&#101;e&nbsp;nitro</p>"),
    "on two lines": General(content_type="html", content="<p>free<br>nitro</p>"),
    "behind a sign": General(content_type="html", content='<p title=">">free <i>n</i>itro</p>'),
}


def answered(response: Any) -> Wave:
    session = a_session("!show", community=a_community(rules=[RULE]))
    verdict = a_verdict(a_match(session=session))
    return Wave(sessions=[session], verdicts=[verdict], executions=[ran(verdict, response)])


@pytest.mark.parametrize("what", SHOWN)
def test_a_rule_holds_for_every_word_that_obs_would_show(what: str) -> None:
    [outcome] = conclude(hold_back(answered(SHOWN[what]), RuleSets()))

    assert outcome.overlay_pushes == ()
    assert "I do not say that here: rule 1" in outcome.replies[0].text


@pytest.mark.parametrize("kind", [ActionKind.SET_TITLE, ActionKind.SET_GAME])
def test_a_rule_holds_for_what_everybody_reads_above_a_stream(kind: ActionKind) -> None:
    """Else whoever typed it reads that it is not said, and it stands on Twitch."""
    session = a_session("!title", community=a_community(rules=[RULE]))
    verdict = a_verdict(a_match(session=session))
    for words, done in ((FORBIDDEN, 0), ("Waddling", 1)):
        action = PlatformAction(
            id="1a", kind=kind, entity=session.event.entity, text=words, then=f"It is now: {words}"
        )
        execution = ran(verdict, platform_actions=(action,))
        wave = Wave(sessions=[session], verdicts=[verdict], executions=[execution])

        [outcome] = conclude(hold_back(wave, RuleSets()))

        assert len(outcome.platform_actions) == done
        assert ["I do not say that here: rule 1" in one.text for one in outcome.replies] == (
            [] if done else [True]
        )


def test_addresses_are_no_words() -> None:
    links = replace(RULE, pattern="example.org")
    art = "https://img.example.org/a.png"
    song = Media(media_type="music", media_url=art, details={"title": "x", "album_art": art})
    session = a_session("!show", community=a_community(rules=[links]))
    verdict = a_verdict(a_match(session=session))
    wave = Wave(sessions=[session], verdicts=[verdict], executions=[ran(verdict, song)])

    assert hold_back(wave, RuleSets()) == wave


WORDS = {
    **{name: name for name in ("title", "artist", "album", "service", "requested_by", "name")},
    **{name: name for name in ("amount", "tier", "message", "line", "form_title")},
    "form_description": "form_description",
    "queue": [{name: f"next {name}" for name in ("title", "artist", "requested_by")}],
    "options": [{"label": "an option", "votes": 1}],
    "form_fields": [{"label": "a field", "name": "field", "type": "text"}],
}
PLAIN = {"source", "kind", "style", "theme", "media_type", "type", "alert", "platform", "poll"}
"""Of the house's own words: they choose a look, and none is read as it was told."""
OF_ALL = [
    *(
        ("general", General(content_type=kind, content="the content", details=WORDS))
        for kind in ("text", "alert", "announcement", "form", "poll", "countdown")
    ),
    ("media", Media(media_type="music", media_url="", details=WORDS)),
    ("ticker", Ticker("the line", details=WORDS)),
]


def texts_in(told: Any, name: str = "") -> Iterator[str]:
    if isinstance(told, dict):
        for key, value in told.items():
            yield from texts_in(value, key)
    elif isinstance(told, list):
        for one in told:
            yield from texts_in(one, name)
    elif isinstance(told, str) and told and name not in PLAIN:
        yield told


@pytest.mark.parametrize(("source", "answer"), OF_ALL)
def test_no_word_comes_to_a_page_that_is_not_known_as_one(source: str, answer: Any) -> None:
    wire = answer.to_wire()
    read = set(words_of(wire))

    assert set(texts_in(shown(a_push(wire, source)))) <= read


def test_commands_and_people_are_named_in_them_as_in_any_text() -> None:
    poll = General(content_type="poll", content="Which?", details={"options": POLL, "x": "kept"})

    worded = word_response(poll, str.upper).to_wire()["response_data"]
    assert (worded["content"], worded["x"]) == ("WHICH?", "kept")
    assert [one["label"] for one in worded["options"]] == ["FREE NITRO", "B"]


def test_what_is_nested_beyond_any_page_is_left_as_it_is() -> None:
    deep: Any = FORBIDDEN
    for _ in range(400):
        deep = [deep]
    wave = answered(Ticker("x", details={"x": deep}))

    assert hold_back(wave, RuleSets()) == wave
