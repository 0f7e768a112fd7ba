"""Rules as moderators type them, and what they do to lines."""

from __future__ import annotations

import pytest
import redis

from tests.functions.builtins.chatroom import Chatroom, hit, said
from waddlebot.domain.entities import EntityId
from waddlebot.domain.executions import Notice
from waddlebot.domain.platform_actions import ActionKind
from waddlebot.domain.rule_presets import PRESETS
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.responses import Chat
from waddlebot_sdk.roles import Role


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
