from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis

from functions.builtins.community import limits as limiting
from functions.builtins.moderating import rules
from functions.builtins.talking import help as helping
from functions.builtins.talking import quiet, stats, welcome, why
from functions.router.build_call import build_call
from functions.router.conclude import conclude
from functions.router.destinations import Answered
from functions.router.destinations.builtin import Kit, call_builtin
from functions.router.execute import Wave
from functions.router.match import Triggers, find_matches
from functions.router.own_words import say_as_here
from functions.router.rule_sets import RuleSets
from tests.helpers.events_and_commands import (
    COMMANDS_VERSION,
    a_command,
    a_community,
    a_listener,
    a_match,
    a_row,
    a_session,
    a_speaker,
    a_verdict,
    an_event,
)
from tests.helpers.ledgers import a_ledger
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import Execution, Notice, Status, execution_id
from waddlebot.domain.limits import Limit
from waddlebot.domain.matches import Match
from waddlebot.domain.platform_actions import ActionKind
from waddlebot.domain.rule_presets import PRESETS
from waddlebot.domain.sessions import Session, Spot
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.domain.triggers import (
    FIRST_CONTACT,
    MISTYPED,
    UNKNOWN,
    CommandTrigger,
    Destination,
    RuleTrigger,
)
from waddlebot.domain.verdicts import Reason
from waddlebot.stores.command_limits import CommandLimits
from waddlebot.stores.command_rows import CommandRows
from waddlebot.stores.offered import WaitingOffers
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.module import Command, Module
from waddlebot_sdk.own_words import in_usual_words
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.roles import Role

_versions = itertools.count(1)


def declared(module: Module[Any], command: Command[Any]) -> CommandTrigger:
    return a_command(
        command.path,
        module=module.name,
        usage=str(command.usage),
        summary=command.summary,
        example=command.example,
        role=command.role,
        private=command.private,
        cooldown_seconds=command.cooldown_seconds,
        destination="builtin",
    )


COMMANDS = [
    *(
        declared(module, command)
        for module in (
            helping.MODULE,
            limiting.MODULE,
            quiet.MODULE,
            rules.MODULE,
            stats.MODULE,
            why.MODULE,
        )
        for command in module.commands
    ),
    a_command("quote", usage="quote [number]", example="quote 3", cooldown_seconds=5),
    a_command("memories quote", canonical="quote", usage="quote [number]"),
    a_command("addquote", usage="addquote <words>", role=Role.MODERATOR),
    a_command("memories add quote", canonical="addquote", role=Role.MODERATOR),
    a_command("roll", module="roll", prefix="#", usage="roll [dice]", summary="Roll dice."),
    a_command("crown", module="throne", role=Role.OWNER),
]
HELPING = Destination(engine="builtin", location="help")
TABLE = CommandTable(
    COMMANDS,
    [
        a_listener(FIRST_CONTACT, module="welcome"),
        *(a_listener(one, module="help", destination=HELPING) for one in (UNKNOWN, MISTYPED)),
    ],
)


@dataclass
class Chatroom:
    """One place where people type and the router's own modules answer."""

    database: Postgres
    versions: Versions
    entity: EntityId
    community: CommunityId
    moderators_channel: EntityId | None = None

    def session(self, text: str, role: Role = Role.USER, **fields: Any) -> Session:
        event = an_event(text, entity=self.entity, occurred_at=datetime.now(UTC), **fields)
        community = a_community(
            id=self.community,
            rules=self.rules(),
            limits=self.limits(),
            version=str(next(_versions)),
            moderators_channel=self.moderators_channel,
        )
        return a_session(event=event, community=community, role=role)

    def rules(self) -> list[StringRule]:
        with editing(self.database, self.versions) as edit:
            return StringRules(edit).list_active(self.community)

    def limits(self) -> list[Limit]:
        with editing(self.database, self.versions) as edit:
            return CommandLimits(edit).list_all(self.community)

    def types(self, text: str, role: Role = Role.USER, **fields: Any) -> str:
        """What the first thing that may act says to this line."""
        match = self.fires(self.session(text, role, **fields))
        return said(self.answer(match)) if match else ""

    def fires(self, session: Session) -> Match | None:
        found = find_matches([session], Triggers({COMMANDS_VERSION: TABLE}, RuleSets()))
        exempt = session.person is not None and session.person.role.covers(Role.MODERATOR)
        acting = [
            match for match in found if not (exempt and isinstance(match.trigger, RuleTrigger))
        ]
        return acting[0] if acting else None

    def answer(self, match: Match) -> Answered:
        now = datetime.now(UTC)
        call = build_call(match, execution_id(match), deadline=now + timedelta(seconds=2))
        kit = Kit(
            session=match.session,
            table=TABLE,
            postgres=self.database,
            versions=self.versions,
            choices=PrivateChoices(self.versions.cache),
            offered=WaitingOffers(self.versions.cache),
            rule_sets=RuleSets(),
            now=now,
        )
        answered = call_builtin(match.trigger.destination.location, call, kit)
        return say_as_here(answered, match.session.community)

    def records(self, session: Session, *executions: Execution) -> None:
        verdicts = [execution.verdict for execution in executions]
        a_ledger(self.database).record(
            conclude(Wave(sessions=[session], verdicts=verdicts, executions=executions))
        )


def said(answered: Answered) -> str:
    return " ".join(part.text for part in answered.responses if isinstance(part, Chat))


@pytest.fixture
def room(database: Postgres, versions: Versions) -> Chatroom:
    entity = EntityId("twitch:channel:5000")
    with editing(database, versions) as edit:
        community = Places(edit).open(entity)
        CommandRows(edit.connection).replace([a_row(trigger) for trigger in COMMANDS])
    return Chatroom(database, versions, entity, community)


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


class TestRules:
    def test_a_rule_is_at_work_as_soon_as_it_is_added(self, room: Chatroom) -> None:
        answer = room.types('!rules add contains "free nitro" block', Role.MODERATOR)
        [rule] = room.rules()
        assert answer == (f"Added rule {rule.id}: contains “free nitro”, block. Undo: !rules undo")
        match = room.fires(room.session("get FREE NITRO here"))
        assert match
        assert match.trigger.id == f"rule:{rule.id}"

    def test_a_repeated_delivery_adds_no_second_rule(self, room: Chatroom) -> None:
        match = room.fires(room.session("!rules add word nitro", Role.MODERATOR))
        assert match
        assert room.answer(match) == room.answer(match)
        assert len(room.rules()) == 1

    def test_an_own_text_and_an_own_command_are_kept(self, room: Chatroom) -> None:
        room.types("!rules add word nitro warn Please, no adverts.", Role.MODERATOR)
        room.types("!rules add regex any\\s+quotes command !quote 3", Role.MODERATOR)
        first, second = room.rules()
        assert (first.pattern, first.say) == ("nitro", "Please, no adverts.")
        assert (second.pattern, second.command) == ("any\\s+quotes", "!quote 3")

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("!rules add", "Usage: !rules add"),
            ("!rules add fuzzy x block", "no kind of rule"),
            ("!rules add * block 10m", "does nothing else"),
            ("!rules add regex (?=x) block", "Look-around"),
            ("!rules add regex a* block", "every line"),
            ("!rules add regex a[ab]{900}x1 warn", "too many places at once"),
            ("!rules add word hi command !nothing", "no command '!nothing'"),
            ("!rules add word hi command", "no command ''"),
            ("!rules add word hi command !crown", "!crown is for owners only"),
            ("!rules add word hi block 15d", "at most 14d"),
            ("!rules off 99999", "no rule 99999"),
            ("!rules off many", "no number"),
            ("!rules undo", "nothing to take back"),
            ("!rules list", "There are no rules"),
            ("!rules test hello", "No rule would hit that"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_words(
        self, room: Chatroom, typed: str, sentence: str
    ) -> None:
        assert sentence in room.types(typed, Role.MODERATOR)
        assert room.rules() == []

    def test_all_rules_together_cost_what_they_may(self, room: Chatroom) -> None:
        dear = "a[ab]{{10}}{}x"
        numbers = range(100)
        refused = next(
            said
            for number in numbers
            if "Added"
            not in (
                said := room.types(f"!rules add regex {dear.format(number)} warn", Role.MODERATOR)
            )
        )
        assert "All rules together would cost" in refused
        saved = room.rules()
        assert 5 < len(saved) < len(numbers)
        room.types(f"!rules off {saved[0].id}", Role.MODERATOR)
        assert "Added" in room.types("!rules add regex a[ab]{10}yx warn", Role.MODERATOR)
        # What is taken back is counted like what is new.
        with editing(room.database, room.versions) as edit:
            StringRules(edit).turn_off(room.community, room.rules()[-1].id, "twitch:id-ana")
            edit.connection.execute("UPDATE string_rules SET cost = 60000 WHERE NOT is_active")
        assert "All rules together" in room.types("!rules undo", Role.MODERATOR)

    def test_what_is_tried_is_shown_as_it_is_read(self, room: Chatroom) -> None:
        room.types("!rules add word nitro warn", Role.MODERATOR)
        tried = room.types("!rules test ni\u200btr\u043e", Role.MODERATOR)
        assert "rule" in tried
        assert "I also read it as “nitro”" in tried
        assert "read it" not in room.types("!rules test nitro", Role.MODERATOR)

    def test_ready_made_rules_come_and_go_by_name(self, room: Chatroom) -> None:
        assert "scams: free Nitro" in room.types("!rules preset", Role.MODERATOR)
        assert "no preset 'spam'" in room.types("!rules preset spam", Role.MODERATOR)
        for _ in range(2):
            assert "is on" in room.types("!rules preset invites warn", Role.MODERATOR)
        rules = room.rules()
        assert [rule.pattern for rule in rules] == list(PRESETS["invites"].patterns)
        assert {rule.action for rule in rules} == {RuleAction.WARN}
        tried = room.types("!rules test d1scord . gg/party", Role.MODERATOR)
        assert "would hit" in tried
        assert "is off" in room.types("!rules preset invites off", Role.MODERATOR)
        assert room.rules() == []

    def test_moderators_are_told_of_a_rule_that_rests(self, room: Chatroom) -> None:
        room.moderators_channel = EntityId("discord:channel:9/1")
        with editing(room.database, room.versions) as edit:
            kept = StringRules(edit).add(
                room.community,
                match_type=MatchType.REGEX,
                pattern="a[ab]{900}x1",
                action=RuleAction.BLOCK,
                by="twitch:id-max",
            )
        match = room.fires(room.session("hello"))
        assert match is not None
        [notice] = room.answer(match).notices
        assert notice.entity == room.moderators_channel
        assert f"rule {kept.id}" in notice.text
        assert "no longer watch" in notice.text
        assert room.fires(room.session("hello")) is None
        assert "rests: it costs too much" in room.types("!rules list", Role.MODERATOR)

    def test_rules_are_listed_tried_switched_off_and_taken_back(self, room: Chatroom) -> None:
        room.types('!rules add contains "free nitro" block', Role.MODERATOR)
        room.types("!rules add word nitro warn", Role.MODERATOR)
        first, second = room.rules()
        listed = room.types("!rules list", Role.MODERATOR)
        assert listed == (
            f"rule {first.id}: contains “free nitro”, block; rule {second.id}: word “nitro”, warn."
        )
        tried = room.types("!rules test free nitro", Role.MODERATOR)
        assert tried.endswith(f"The first decides: rule {first.id}.")
        assert room.types(f"!rules off {first.id}", Role.MODERATOR).startswith(
            f"Rule {first.id} is off"
        )
        assert [rule.id for rule in room.rules()] == [second.id]
        assert "on again" in room.types("!rules undo", Role.MODERATOR)
        assert len(room.rules()) == 2

    def test_a_preset_is_one_change_and_is_taken_back_as_one(self, room: Chatroom) -> None:
        room.types("!rules add contains kept block", Role.MODERATOR)
        room.types("!rules preset scams", Role.MODERATOR)
        room.types("!rules preset scams warn", Role.MODERATOR)
        assert {rule.action for rule in room.rules()[1:]} == {RuleAction.WARN}
        told = room.types("!rules undo", Role.MODERATOR)
        assert "rules are on again" in told
        assert len(told) < 200
        assert {rule.action for rule in room.rules()[1:]} == {RuleAction.BLOCK}
        assert "rules are gone again" in room.types("!rules undo", Role.MODERATOR)
        assert [rule.pattern for rule in room.rules()] == ["kept"]

    def test_a_long_list_is_paged(self, room: Chatroom) -> None:
        for number in range(25):
            room.types(f"!rules add contains forbidden{number} block", Role.MODERATOR)
        pages = [room.types(f"!rules list {page}", Role.MODERATOR) for page in range(1, 4)]
        assert room.types("!rules list", Role.MODERATOR) == pages[0]
        assert pages[0].endswith("Page 1 of 3; !rules list 2 goes on.")
        assert pages[2].endswith("Page 3 of 3.")
        assert all(len(page) <= 500 for page in pages)
        assert sum(page.count("forbidden") for page in pages) == 25
        assert room.types("!rules list 5", Role.MODERATOR) == (
            "There is no page 5, only 3. The last: !rules list 3"
        )
        refused = room.types("!rules list all", Role.MODERATOR)
        assert refused == "'all' is no page. Say its number: !rules list 2"

    def test_a_change_that_routers_do_not_hear_of_says_so(
        self, room: Chatroom, nowhere: redis.Redis
    ) -> None:
        room.versions = Versions(nowhere)
        answer = room.types("!rules add word nitro", Role.MODERATOR)
        assert answer.endswith("It is saved and in force within five minutes.")
        assert len(room.rules()) == 1


class TestLimits:
    def test_are_set_listed_told_by_help_and_cleared(self, room: Chatroom) -> None:
        assert room.types("!limits list", Role.MODERATOR).startswith("No limits are set.")
        answer = room.types("!limits set !quote 3 in 2m", Role.MODERATOR)
        assert answer == "Set: !quote: 3 in 2 min. Undo: !limits clear !quote"
        room.types("!limits set quote none for moderators", Role.MODERATOR)
        room.types("!limits set all 1 in 30s together here", Role.MODERATOR)
        assert room.types("!limits list", Role.MODERATOR) == (
            "all commands: once in 30 s, everybody together, in this place only; "
            "!quote: 3 in 2 min; !quote: no limit, for moderators."
        )
        assert room.types("!help quote").endswith("For everybody. 3 in 2 min. Once in 30 s.")
        assert room.types("!help quote", Role.ADMIN).endswith("For everybody. Once in 30 s.")
        cleared = room.types("!limits clear !quote", Role.MODERATOR)
        assert cleared.startswith("Cleared: !quote: ")
        assert [limit.command for limit in room.limits()] == [""]

    def test_setting_one_again_replaces_it(self, room: Chatroom) -> None:
        for calls in (3, 4):
            room.types(f"!limits set !quote {calls} in 1m", Role.MODERATOR)
        assert [limit.calls for limit in room.limits()] == [4]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("!limits set !quote", "Usage: !limits set"),
            ("!limits set !nothing 3 in 1m", "no command '!nothing'"),
            ("!limits set !quote often", "cannot read that limit"),
            ("!limits set !quote 3 in a while", "'a' is no time"),
            ("!limits set !quote 0 in 1m", "at least 1"),
            ("!limits set !quote 3 in 25h", "at most 24h"),
            ("!limits set !quote 3 in 1m sometimes", "cannot read 'sometimes'"),
            ("!limits set !crown 3 in 1m", "!crown is for owners only"),
            ('!limits set "!limits list" 3 in 1m', "!limits list always works"),
            ("!limits clear !quote", "No limit is set for !quote"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_words(
        self, room: Chatroom, typed: str, sentence: str
    ) -> None:
        assert sentence in room.types(typed, Role.MODERATOR)
        assert room.limits() == []


def hit(room: Chatroom, text: str, rule: str, **fields: Any) -> Answered:
    room.types(rule, Role.MODERATOR)
    match = room.fires(room.session(text, **fields))
    assert match
    return room.answer(match)


class TestModeration:
    def test_a_block_removes_the_line_and_tells_person_and_moderators(self, room: Chatroom) -> None:
        room.moderators_channel = EntityId("slack:channel:T1/C9")
        answered = hit(room, "FREE NITRO", '!rules add contains "free nitro" block')
        [action] = answered.platform_actions
        assert (action.kind, action.message, action.entity) == (
            ActionKind.DELETE_MESSAGE,
            "m1",
            room.entity,
        )
        assert answered.responses == (
            Chat(
                "Your message was removed: it is against the rules of this community.", private=True
            ),
        )
        [notice] = answered.notices
        [rule] = room.rules()
        assert notice == Notice(
            entity="slack:channel:T1/C9",
            text=f"Ana said something that rule {rule.id} (contains “free nitro”) blocks, in a "
            f"channel on Twitch: “FREE NITRO”. Switch it off: !rules off {rule.id}",
            for_moderators=True,
            instead=(f"twitch:channel:whisper-{room.entity.rpartition(':')[2]}",),
            about="twitch:id-ana",
        )

    def test_without_a_channel_they_are_told_where_they_look_and_once_how_to_name_one(
        self, room: Chatroom
    ) -> None:
        room.types("!rules add word nitro block", Role.MODERATOR)
        whisper = f"twitch:channel:whisper-{room.entity.rpartition(':')[2]}"
        match = room.fires(room.session("nitro", id="first"))
        assert match
        told = [room.answer(match).notices for _ in range(2)]
        assert told[0] == told[1], "a repeated delivery says the same"
        notice, hint = told[0]
        assert "said something that" in notice.text
        assert "!settings set moderators" in hint.text
        assert {one.entity for one in told[0]} == {whisper}
        assert all(one.for_moderators and not one.instead for one in told[0])
        later = room.fires(room.session("nitro", id="second"))
        assert later
        assert len(room.answer(later).notices) == 1

    def test_a_block_may_keep_the_person_from_writing_for_a_while(self, room: Chatroom) -> None:
        answered = hit(room, "nitro", "!rules add word nitro block 10m No adverts, please.")
        deletion, timeout = answered.platform_actions
        assert deletion.kind is ActionKind.DELETE_MESSAGE
        assert (timeout.kind, timeout.user, timeout.seconds) == (
            ActionKind.TIMEOUT,
            "id-ana",
            600,
        )
        assert deletion.id != timeout.id
        assert said(answered) == "No adverts, please."
        assert "block for 10 min" in room.types("!rules list", Role.MODERATOR)

    def test_a_warning_is_private_and_a_rules_own_text_wins(self, room: Chatroom) -> None:
        answered = hit(room, "nitro", "!rules add word nitro warn Please, no adverts.")
        assert answered.responses == (Chat("Please, no adverts.", private=True),)
        assert not answered.platform_actions
        assert not answered.notices

    def test_where_lines_cannot_be_removed_the_moderators_are_asked(self, room: Chatroom) -> None:
        room.moderators_channel = EntityId("slack:channel:T1/C9")
        room.entity = EntityId("slack:channel:T1/C1")
        answered = hit(room, "nitro", "!rules add word nitro block")
        assert "Please delete your message" in said(answered)
        assert "cannot delete messages on Slack" in answered.notices[0].text


class TestWelcome:
    def test_a_new_place_is_greeted_once(self, room: Chatroom) -> None:
        def greeted(line: str) -> str:
            session = room.session(line)
            spot = Spot(entity=room.entity, greeted=False)
            [match] = find_matches(
                [replace(session, spot=spot)], Triggers({COMMANDS_VERSION: TABLE}, RuleSets())
            )
            return hello_in(room.answer(welcomes(match)))

        assert greeted("hello") == in_usual_words(welcome.HELLO)
        assert "!help" in welcome.HELLO
        assert "!waddlebot off" in welcome.HELLO
        assert greeted("hello again") == ""

    def test_a_repeated_delivery_is_greeted_again(self, room: Chatroom) -> None:
        match = welcomes(a_match(a_listener(FIRST_CONTACT), session=room.session("hello")))
        assert (
            hello_in(room.answer(match))
            == hello_in(room.answer(match))
            == in_usual_words(welcome.HELLO)
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
        assert chat == Chat(in_usual_words(welcome.NEXT), private=True)


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
    return served(match, "welcome")


def served(match: Match, builtin: str) -> Match:
    destination = replace(match.trigger.destination, engine="builtin", location=builtin)
    return replace(match, trigger=replace(match.trigger, destination=destination))


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
