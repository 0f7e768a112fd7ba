"""Help, greetings, quiet, reasons and numbers, as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.builtins.talking import hello
from functions.builtins.talking import help as helping
from functions.router.build_call import build_call
from functions.router.destinations import Answered
from functions.router.destinations.builtin import Kit, call_builtin
from functions.router.match import Triggers, find_matches
from functions.router.rule_sets import RuleSets
from tests.functions.builtins.chatroom import TABLE, Chatroom, said, served
from tests.helpers.events_and_commands import (
    COMMANDS_VERSION,
    a_command,
    a_listener,
    a_match,
    a_speaker,
    a_verdict,
    an_event,
)
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.matches import Match
from waddlebot.domain.sessions import Session, Spot
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    CommandTrigger,
)
from waddlebot.domain.verdicts import Reason
from waddlebot.stores.offered import WaitingOffers
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot_sdk.own_words import in_usual_words
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.roles import Role


class TestHelp:
    def test_lists_what_this_person_may_use_in_one_message(self, room: Chatroom) -> None:
        text = room.types("!help")
        assert len(text) <= 500
        for typed in ("!help", "!quote", "#roll", "!stats", "!why"):
            assert typed in text
        for typed in ("!addquote", "!crown", "!rules add", "!waddlebot off"):
            assert typed not in text

    def test_lists_more_for_moderators(self, room: Chatroom) -> None:
        text = room.types("!help", Role.MODERATOR)
        for typed in ("!addquote", "For moderators, !help and one of: quiet limits rules"):
            assert typed in text
        assert "!crown" not in text
        rules = room.types("!help rules", Role.MODERATOR)
        assert "!rules add" in rules

    def test_leaves_out_what_is_switched_off_here(self, room: Chatroom) -> None:
        session = room.session("!help")
        community = replace(session.community, disabled=frozenset({"!quote"}))
        spot = replace(session.spot, disabled=frozenset({"roll"}))
        match = room.fires(replace(session, community=community, spot=spot))
        assert match
        text = said(room.answer(match))
        assert "!quote" not in text.replace("!help !quote", "")
        assert "#roll" not in text

    def test_of_one_command_tells_usage_example_who_may_and_how_often(self, room: Chatroom) -> None:
        assert room.types("!help quote") == (
            "!quote [number]: Show a quote. Example: !quote 3. For everybody. Once in 5 s."
        )
        assert "For moderators" in room.types("!help !addquote")
        assert room.types("!help roll") == room.types("!help #roll")

    def test_of_a_module_lists_its_commands(self, room: Chatroom) -> None:
        text = room.types("!help memories", Role.MODERATOR)
        assert text == "memories: !quote [number], !addquote <words>"

    def test_of_a_word_lists_what_may_follow_it(self, room: Chatroom) -> None:
        assert room.types("!memories foo") == "memories: !memories quote [number]"
        assert "!waddlebot off" in room.types("!waddlebot", Role.MODERATOR)
        assert "nothing that you may use" in room.types("!waddlebot")

    def test_offers_the_nearest_command(self, room: Chatroom) -> None:
        answer = room.types("qoute 3", type=MessageType.SLASH_COMMAND)
        assert answer.endswith("Did you mean !quote?")
        assert "!help lists" in room.types("xyzzy", type=MessageType.SLASH_COMMAND)
        assert room.types("!qoute 3") == "Did you mean !quote?"
        assert room.types("!adqoute 3") == ""

    def test_answers_a_mention_that_is_no_command_in_a_friendly_way(self, room: Chatroom) -> None:
        for line in ("hello there", "thanks!", "rules, please?"):
            answer = room.types(line, type=MessageType.APP_MENTION)
            assert answer == in_usual_words(helping.FRIENDLY)
            assert "There is no" not in answer

    def test_lists_by_another_word_too(self, room: Chatroom) -> None:
        assert room.types("!commands") == room.types("!help")
        assert room.types("!limits ad", Role.MODERATOR).startswith("limits: !limits")

    def test_says_less_where_there_is_less_room(self, room: Chatroom) -> None:
        many = CommandTable([a_command(f"command{number:03}") for number in range(300)], [])
        session = room.session("!help", Role.OWNER)
        kit = Kit(
            session=session,
            table=many,
            postgres=room.database,
            versions=room.versions,
            choices=PrivateChoices(room.versions.cache),
            offered=WaitingOffers(room.versions.cache),
            rule_sets=RuleSets(),
            now=datetime.now(UTC),
        )
        match = a_match(a_command("help", module="help"), session=session)
        text = said(call_builtin("help", build_call(match, "x", deadline=kit.now), kit))
        assert len(text) <= 500
        assert "+280" in text


class TestWelcome:
    def test_a_new_place_is_greeted_once(self, room: Chatroom) -> None:
        def greeted(line: str) -> str:
            session = room.session(line)
            spot = Spot(entity=room.entity, greeted=False)
            [match] = find_matches(
                [replace(session, spot=spot)], Triggers({COMMANDS_VERSION: TABLE}, RuleSets())
            )
            return hello_in(room.answer(welcomes(match)))

        assert greeted("hello") == in_usual_words(hello.HELLO)
        assert "!help" in hello.HELLO
        assert "!waddlebot off" in hello.HELLO
        assert greeted("hello again") == ""

    def test_a_repeated_delivery_is_greeted_again(self, room: Chatroom) -> None:
        match = welcomes(a_match(a_listener(FIRST_CONTACT), session=room.session("hello")))
        assert (
            hello_in(room.answer(match))
            == hello_in(room.answer(match))
            == in_usual_words(hello.HELLO)
        )

    def test_hello_is_a_line_of_its_own(self, room: Chatroom) -> None:
        match = welcomes(a_match(a_listener(FIRST_CONTACT), session=room.session("hello")))
        answered = room.answer(match)
        assert not answered.responses
        assert answered.notices[0].entity == room.entity

    def test_whoever_brought_the_bot_reads_privately_what_to_do_next(self, room: Chatroom) -> None:
        listener = a_listener(MessageType.INVITED)
        event = an_event(type=MessageType.INVITED, entity=room.entity)
        match = welcomes(a_match(listener, session=replace(room.session(""), event=event)))
        [chat] = room.answer(match).responses
        assert chat == Chat(in_usual_words(hello.NEXT), private=True)


class TestUnsaid:
    """The place is closed to the bot; whoever can open it reads so elsewhere."""

    def told(self, room: Chatroom, *, channel: str | None = None, closed: bool = True) -> Answered:
        session = room.session("")
        event = an_event(
            type=MessageType.UNSAID,
            entity=room.entity,
            data={"why": "WaddleBot cannot write in <#1>.", "closed": closed, "said": False},
        )
        moderators = EntityId(channel) if channel else None
        community = replace(session.community, moderators_channel=moderators)
        listener = a_listener(MessageType.UNSAID)
        session = replace(session, event=event, community=community)
        return room.answer(served(a_match(listener, session=session), "unsaid"))

    def test_moderators_are_told(self, room: Chatroom) -> None:
        [notice] = self.told(room, channel="twitch:channel:77").notices
        assert (notice.entity, notice.user) == ("twitch:channel:77", "")
        assert notice.text.startswith("WaddleBot cannot write in <#1>. Until then I say nothing")

    def test_what_nobody_there_can_change_is_only_on_record(self, room: Chatroom) -> None:
        told = self.told(room, channel="twitch:channel:77", closed=False)
        assert not told.notices
        assert not told.responses

    def test_an_owner_is_told_where_the_moderators_channel_is_closed(self, room: Chatroom) -> None:
        assert not self.told(room, channel=room.entity).notices
        room.database.write(
            """
            INSERT INTO community_members (community_id, platform, user_id, name, role)
            VALUES (%s, %s, 'id-zed', 'Zed', 'owner')
            """,
            [room.session("").community.id, room.entity.partition(":")[0]],
        )
        for channel in (None, room.entity):
            [notice] = self.told(room, channel=channel).notices
            assert (notice.entity, notice.user) == (room.entity, "id-zed")


def hello_in(answered: Answered) -> str:
    return "".join(notice.text for notice in answered.notices)


def welcomes(match: Match) -> Match:
    return served(match, "hello")


class TestQuiet:
    def test_a_moderator_quiets_a_place_and_wakes_it(self, room: Chatroom) -> None:
        def is_quiet() -> bool:
            [row] = room.database.write(
                "SELECT quiet FROM entities WHERE entity_id = %s", [room.entity]
            )
            return bool(row["quiet"])

        assert "!waddlebot on" in room.types("!waddlebot off", Role.MODERATOR)
        assert is_quiet()
        assert "I am back" in room.types("!waddlebot on", Role.MODERATOR)
        assert not is_quiet()


def ran(
    session: Session, trigger: CommandTrigger, reason: Reason, status: Status | None, **fields: Any
) -> Sequence[Execution]:
    verdict = a_verdict(a_match(trigger, session=session), reason, **fields)
    number = execution_id(verdict.match)
    return [Execution(id=number, verdict=verdict, status=status or Status.SUCCESS)]


class TestWhy:
    def record(self, room: Chatroom, reason: Reason, status: Status, **fields: Any) -> None:
        session = room.session("!addquote hi", user=a_speaker())
        trigger = a_command("addquote", role=Role.MODERATOR)
        room.records(session, *ran(session, trigger, reason, status, **fields))

    @pytest.mark.parametrize(
        ("reason", "fields", "sentence"),
        [
            (Reason.ALLOWED, {}, "!addquote ran."),
            (Reason.ROLE, {}, "!addquote is for moderators; Ana is a user here."),
            (Reason.COOLDOWN, {"wait_seconds": 3.5}, "4 s had to pass"),
            (Reason.SHADOWED, {"by": "rule:3"}, "rule 3 came first"),
            (Reason.DISABLED, {"by": "memories"}, "switched off here (memories)"),
            (Reason.STALE, {}, "too old"),
        ],
    )
    def test_tells_what_became_of_the_last_line(
        self, room: Chatroom, reason: Reason, fields: dict[str, Any], sentence: str
    ) -> None:
        self.record(room, reason, Status.SUCCESS, **fields)
        assert sentence in room.types("!why")

    def test_tells_of_a_failure_with_its_reference(self, room: Chatroom) -> None:
        self.record(room, Reason.ALLOWED, Status.FAILED)
        assert "it failed. (ref " in room.types("!why")

    def test_has_nothing_to_tell_a_stranger(self, room: Chatroom) -> None:
        assert "nothing on record" in room.types("!why")


class TestStats:
    def test_counts_the_last_day(self, room: Chatroom) -> None:
        for name in ("Ana", "Max", "Ana"):
            session = room.session("!quote", user=a_speaker(name))
            room.records(session, *ran(session, a_command(), Reason.ALLOWED, Status.SUCCESS))
        assert room.types("!stats") == (
            "In the last 24 hours: 3 messages by 2 people; 3 commands ran, 0 refused, 0 failed. "
            "Most was said by Ana, Max, in a channel on Twitch."
        )
