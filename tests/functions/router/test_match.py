from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from functions.router.match import Triggers, find_matches
from functions.router.rule_sets import RuleSets
from tests.helpers.command_tables import TABLES
from tests.helpers.events_and_commands import TWITCH, a_community, a_rule, a_session, an_event
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, Event, MessageType
from waddlebot.domain.matches import Match
from waddlebot.domain.sessions import Session, Spot
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    MISTYPED,
    UNKNOWN,
    Turn,
)
from waddlebot_sdk.roles import Role

MEANT, NEAR = f"help:on:{UNKNOWN}", f"help:on:{MISTYPED}"


def matches(*sessions: Session) -> list[Match]:
    return find_matches(sessions, Triggers(TABLES, RuleSets()))


def fired(session: Session) -> list[tuple[str, str]]:
    return [(match.trigger.id, match.text) for match in matches(session)]


@pytest.mark.parametrize("seen_by_nobody", [" \U000e0000", "\ufe0f", "\u200b", "\u034f", "\u00ad"])
def test_what_chat_programs_append_does_not_hide_a_command(seen_by_nobody: str) -> None:
    """Chatterino and 7TV let a line differ from the one before by what nobody sees."""
    assert fired(in_chat(f"!quote{seen_by_nobody}")) == [("!quote", "")]
    assert fired(in_chat(f"{seen_by_nobody}!quote 3{seen_by_nobody}")) == [("!quote", "3")]


def in_chat(text: str, *rules: StringRule) -> Session:
    return a_session(text, community=a_community(rules=rules))


def asked(text: str, type: MessageType = MessageType.SLASH_COMMAND) -> Session:  # noqa: A002
    return a_session(event=an_event(text, type=type))


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("!quote 3", [("!quote", "3")]),
        ("  !QUOTE", [("!quote", "")]),
        ("#roll 2d6", [("#roll", "2d6")]),
        ("!memories add quote Waddle on!", [("!addquote", "Waddle on!")]),
        ("quote 3", []),
        ("hello there", []),
        ("!unknown", []),
        ("! quote", []),
        ("!", []),
        ("#", []),
        ("", []),
        ("#1 on the list", []),
    ],
)
def test_a_chat_line_needs_a_prefix(text: str, fires: list[tuple[str, str]]) -> None:
    assert fired(in_chat(text)) == fires


@pytest.mark.parametrize("type_", [MessageType.SLASH_COMMAND, MessageType.APP_MENTION])
def test_who_talks_to_the_bot_may_leave_the_prefix_off(type_: MessageType) -> None:
    assert fired(asked("quote 3", type_)) == [("!quote", "3")]
    assert fired(asked("roll 2d6", type_)) == [("#roll", "2d6")]
    assert fired(asked("#both", type_)) == [("#both", "")]


def test_who_talks_to_the_bot_need_not_say_its_name() -> None:
    assert fired(asked("off")) == [("!waddlebot off", "")]
    assert fired(asked("waddlebot off")) == [("!waddlebot off", "")]
    assert fired(in_chat("!off")) == []


def test_the_exclamation_mark_wins() -> None:
    assert fired(asked("both")) == [("!both", "")]


def test_a_private_message_needs_no_prefix() -> None:
    assert fired(a_session(event=an_event("quote 3", private=True))) == [("!quote", "3")]


def test_the_nearest_command_is_offered_where_somebody_talks_to_the_bot() -> None:
    assert fired(asked("qoute 3")) == [(MEANT, "qoute 3")]
    assert fired(asked("")) == [("!help", "")]
    assert fired(a_session(event=an_event("xyzzy", private=True))) == [(MEANT, "xyzzy")]


def test_a_mention_of_the_bot_is_answered_whatever_it_says() -> None:
    for said in ("thanks, you are great", "qoute", "hello there"):
        assert fired(asked(said, MessageType.APP_MENTION)) == [(MEANT, said)]
    assert fired(asked("", MessageType.APP_MENTION)) == [("!help", "")]


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("!qoute 3", [(NEAR, "!qoute 3")]),
        ("!hlep", [(NEAR, "!hlep")]),
        ("!hello", []),
        ("!uptime", []),
        ("#qoute", []),
        ("!addqoute x", []),  # which Ana may not use
        ("qoute", []),
    ],
)
def test_a_mistyped_first_word_in_chat_is_near_a_command(
    text: str, fires: list[tuple[str, str]]
) -> None:
    assert fired(in_chat(text)) == fires


def test_where_two_bots_share_a_place_nothing_is_offered() -> None:
    alone = replace(a_community(), offers=False)
    assert fired(a_session("!qoute", community=alone)) == []
    assert fired(a_session("!memories foo", community=alone)) == [(MEANT, "!memories foo")]


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("so says Max:\n!quote 3", [("!quote", "3")]),
        ("> is it so?\n\n  !QUOTE", [("!quote", "")]),
        ("hello\nquote", []),
        ("hello\n!unknown", []),
        ("one\ntwo\n!quote", []),
        ("```\n!quote\n```", []),
        ("!addquote one\n!quote", [("!addquote", "one\n!quote")]),
    ],
)
def test_a_command_may_stand_on_the_second_line(text: str, fires: list[tuple[str, str]]) -> None:
    assert fired(in_chat(text)) == fires


def test_a_known_word_without_a_known_second_one_gets_its_sub_commands() -> None:
    assert fired(in_chat("!memories foo")) == [(MEANT, "!memories foo")]
    assert fired(in_chat("!waddlebot")) == [(MEANT, "!waddlebot")]
    assert fired(in_chat("!limits ad")) == [(MEANT, "!limits ad")]
    assert fired(in_chat("!limits")) == [("!limits list", "")]


def test_moderation_comes_before_the_command_in_the_same_line() -> None:
    found = matches(in_chat("!quote free nitro", a_rule("free nitro", id=7)))
    assert [(match.trigger.id, match.trigger.turn) for match in found] == [
        ("rule:7", Turn.MODERATE),
        ("!quote", Turn.ACT),
    ]
    assert found[0].trigger.module == "moderation"
    assert found[0].trigger.destination.engine == "builtin"


def test_of_the_rules_that_moderate_the_first_by_priority_fires() -> None:
    rules = (
        a_rule("nitro", id=1, priority=50, action=RuleAction.WARN),
        a_rule("free nitro", id=2, priority=10),
        a_rule("free", id=3),
    )
    assert fired(in_chat("free nitro", *rules)) == [("rule:2", "")]


def test_a_rule_for_everything_observes_and_consumes_nothing() -> None:
    rules = (a_rule("*", MatchType.ANYTHING, id=1), a_rule("nitro", id=2))
    found = matches(in_chat("nitro !quote", *rules))
    assert [(match.trigger.id, match.trigger.turn, match.trigger.consumes) for match in found] == [
        ("rule:1", Turn.OBSERVE, False),
        ("rule:2", Turn.MODERATE, True),
    ]


def answers(word: str, command: str, **fields: int) -> StringRule:
    return a_rule(word, MatchType.WORD, RuleAction.COMMAND, command=command, **fields)


def test_a_command_rule_runs_its_command_with_the_chatters_as_subject() -> None:
    [match] = matches(in_chat("any quotes?", answers("quotes", "!quote 3", id=4)))
    assert (match.trigger.id, match.text, match.by) == ("!quote", "3", "rule 4")
    assert match.trigger.turn is Turn.RESPOND
    assert match.trigger.role is Role.USER


def test_a_command_rule_needs_no_role_because_its_author_had_it() -> None:
    [match] = matches(in_chat("keep this", answers("keep", "addquote kept")))
    assert (match.trigger.id, match.trigger.role, match.text) == ("!addquote", Role.USER, "kept")


def test_a_command_rule_is_silent_where_a_command_matched_or_its_own_is_gone() -> None:
    assert fired(in_chat("!quote quotes", answers("quotes", "#roll"))) == [("!quote", "quotes")]
    assert fired(in_chat("any quotes?", answers("quotes", "!gone"))) == []


def test_a_command_rule_still_answers_an_unknown_command_of_another_bot() -> None:
    assert fired(in_chat("!so quotes", answers("quotes", "#roll"))) == [("#roll", "")]


@pytest.mark.parametrize(
    "type_", [MessageType.SLASH_COMMAND, MessageType.APP_MENTION, MessageType.FILE_SHARE]
)
def test_rules_look_at_every_line_before_its_command(type_: MessageType) -> None:
    community = a_community(rules=[a_rule("nitro")])
    event = an_event("!quote nitro", type=type_)
    found = fired(a_session(event=event, community=community))
    assert found == [("rule:1", ""), ("!quote", "nitro")]


def test_rules_look_at_what_stands_beside_the_text_in_their_own_order() -> None:
    rules = [a_rule("later", id=2, priority=1), a_rule("nitro", id=1, priority=2)]
    community = a_community(version="with two", rules=rules)
    event = an_event("hello", shown=("a nitro", "later"))
    assert fired(a_session(event=event, community=community)) == [("rule:2", "")]


def test_what_is_only_watched_is_no_command_and_wakes_no_listener() -> None:
    community = a_community(rules=[a_rule("nitro")])
    event = an_event("!quote nitro", watched_only=True)
    assert fired(a_session(event=event, community=community)) == [("rule:1", "")]


def test_a_listener_hears_its_event() -> None:
    assert fired(asked("", MessageType.RAID)) == [("memories:on:raid", "")]
    assert fired(asked("!quote", MessageType.FOLLOW)) == []


def test_what_is_due_concerns_the_module_that_asked_for_it() -> None:
    event = an_event(type=MessageType.DUE, data={"module": "calendar"})
    assert fired(a_session(event=event)) == [("calendar:on:due", "")]


def test_a_place_that_was_never_greeted_is_welcomed_after_the_answer() -> None:
    session = a_session("!quote", spot=Spot(entity=TWITCH, greeted=False))
    assert [id_ for id_, _ in fired(session)] == ["!quote", f"hello:on:{FIRST_CONTACT}"]
    assert [id_ for id_, _ in fired(a_session("hi", spot=session.spot))] == [
        f"hello:on:{FIRST_CONTACT}"
    ]


@pytest.mark.parametrize(
    "event",
    [
        an_event(type=MessageType.REACTION, message=None),
        an_event(type=MessageType.VOICE_JOIN, message=None),
        an_event(type=MessageType.MODAL_SUBMIT, message=None),
        an_event("psst", private=True),
        an_event(
            "hi", entity=EntityId("discord:channel:1/3"), parent=EntityId("discord:channel:1/2")
        ),
        an_event("hi", way_back=Channel(message="1.1", thread="1.0")),
    ],
    ids=["a reaction", "a voice", "a form", "privately", "a thread", "a thread of Slack's"],
)
def test_nobody_is_greeted_by(event: Event) -> None:
    session = a_session(event=event, spot=Spot(entity=TWITCH, greeted=False))
    assert f"hello:on:{FIRST_CONTACT}" not in [id_ for id_, _ in fired(session)]


def test_matches_stay_grouped_by_event_in_the_order_of_the_batch() -> None:
    lines: Sequence[str] = ("!quote 1", "hello", "!quote 2")
    assert [match.text for match in matches(*map(in_chat, lines))] == ["1", "2"]
