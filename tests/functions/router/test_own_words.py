"""A community with words of its own reads no others: every command asked through the front door."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from functions.catalogue import builtin_modules, lambda_modules
from tests.helpers.http_doors import says
from tests.helpers.lambda_stand_in import Door
from tests.helpers.own_words import HEADS, RENAMED, TABLE
from tests.helpers.patience import eventually
from tests.helpers.router_doors import BATCH, Doors, Told
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.own_words import OwnWords
from waddlebot.domain.sessions import Community
from waddlebot.domain.typed import find_typed
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.own_words import read_words
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk import Chat
from waddlebot_sdk.own_words import MARK, say_command
from waddlebot_sdk.responses import to_wire
from waddlebot_sdk.roles import Role

MODULES = (*lambda_modules(), *builtin_modules())
COMMANDS = [
    (module, command) for module in MODULES for command in module.commands if not module.community
]
Says = Callable[..., str]
MADE = {"hello", "hug", "cuddle", "x", "y"}
"""What the examples, and whatever is too much, call aliases."""
AT_ONCE = 25
"""Lines that are asked in one call: each costs a fifth of what it would alone."""
_SPELLED = re.compile(r"(?<![\w!])!(\w+)")


class Penguins:
    """A community whose every command has another name; each line has a place and a person alone.

    So nobody is limited, and what is switched off stays so for nobody else.
    """

    def __init__(self, doors: Doors, database: Postgres, versions: Versions, lines: int) -> None:
        self._doors, self._database = doors, database
        self._places = [EntityId(f"twitch:channel:{1000 + one}") for one in range(lines)]
        with editing(database, versions) as edit:
            self.id: CommunityId = Places(edit).join(self._places, "Penguins")
            for place in self._places:
                Places(edit).greet(place)
            CommunitySettings(edit).set_own(self.id, "prefix", "?")
            for name, command in RENAMED.items():
                CommunitySettings(edit).rename_command(self.id, command, name)
            for number in range(lines):
                MemberRoles(edit).give(self.id, Account("twitch", f"o{number}"), Role.OWNER)

    @property
    def words(self) -> OwnWords:
        return read_words(self._database, self.id)

    def answers(self, lines: list[str], *, owners: bool) -> list[tuple[str, list[str]]]:
        """Each line with what was said to it."""
        who = "o" if owners else "u"
        events = [
            says(line, entity_id=self._places[number], user_id=f"{who}{number}")
            for number, line in enumerate(lines)
        ]
        heard: list[list[str]] = []
        for first in range(0, len(events), AT_ONCE):
            heard += self._together(events[first : first + AT_ONCE])
        return list(zip(lines, heard, strict=True))

    def _together(self, events: list[dict[str, Any]]) -> list[list[str]]:
        told = self._doors.asks({"events": events}, route=BATCH)
        assert told.status == 200, told.body
        answers = [Told(told.status, one, told.headers) for one in told.body["results"]]
        assert all(one.body["success"] for one in answers), told.body
        return [one.texts for one in answers]


def assert_told_in(words: OwnWords, line: str, texts: list[str]) -> None:
    here = Community(id=CommunityId(1), name="Penguins", version="1", words=words)
    for text in texts:
        text = re.sub("“[^”]*”", "“…”", text)  # noqa: PLW2901 - what somebody wrote stays
        assert MARK not in text, (line, text)
        assert not HEADS & set(_SPELLED.findall(text)), (line, text)
        for named in re.findall(r"(?<![\w?])\?(\w+(?: \w+)*)", text):
            is_alias = named.split()[0] in MADE
            assert is_alias or find_typed("!", named, here, TABLE), (line, named, text)


@pytest.mark.parametrize("owners", [False, True], ids=["viewers", "owners"])
@pytest.mark.parametrize("more", ["bare", "too much", "example", "help"])
def test_nothing_is_named_as_it_is_elsewhere(
    doors: Doors,
    database: Postgres,
    versions: Versions,
    more: str,
    owners: bool,  # noqa: FBT001
) -> None:
    plain = OwnWords(prefix="?", names=RENAMED)
    # Where one is renamed half-way, what was said before names it as it was called then.
    paths = [one for _, one in COMMANDS if (one.path, more) != ("command rename", "example")]
    typed = {
        "bare": [plain.shown(f"!{one.path}") for one in paths],
        "too much": [plain.shown(f"!{one.path} x y z 1 2 3 4 5") for one in paths],
        "example": [plain.shown(f"!{one.example}") for one in paths],
        "help": [f"{plain.shown('!help')} {one.path}" for one in paths],
    }[more]
    penguins = Penguins(doors, database, versions, len(typed))

    heard = penguins.answers(typed, owners=owners)

    assert sum(bool(texts) for _, texts in heard) > len(heard) / 2
    words = penguins.words
    for line, texts in heard:
        assert_told_in(words, line, texts)


class TestEitherName:
    """Of a command that has another name here, both are understood wherever it is named."""

    @pytest.fixture
    def owner(self, doors: Doors, database: Postgres, versions: Versions) -> Says:
        place = EntityId("twitch:channel:2000")
        with editing(database, versions) as edit:
            id_ = Places(edit).open(place)
            Places(edit).greet(place)
            CommunitySettings(edit).set_own(id_, "prefix", "?")
            CommunitySettings(edit).rename_command(id_, "!addquote", "keep")
            CommunitySettings(edit).rename_command(id_, "!memories", "treasure")
            MemberRoles(edit).give(id_, Account("twitch", "olga"), Role.OWNER)

        def says_(line: str, who: str = "olga") -> str:
            told = doors.asks(says(line, entity_id=place, user_id=who))
            assert told.status == 200, told.body
            for text in told.texts:
                assert MARK not in text
                assert not HEADS & set(_SPELLED.findall(re.sub("“[^”]*”", "", text))), text
            return " ".join(told.texts)

        return says_

    @pytest.mark.parametrize("name", ["keep", "?keep", "!keep", "addquote", "?addquote"])
    def test_is_switched_limited_explained_and_given_to_others(
        self, owner: Says, name: str
    ) -> None:
        assert owner(f"?command off {name}") == (
            "?keep is switched off here now. Undo: ?command on ?keep"
        )
        assert owner("?keep One") == ""
        assert owner(f"?command on {name}").startswith("?keep is switched on")
        assert owner(f"?command need {name} everybody").startswith("?keep is for everybody here")
        assert owner(f"?command need {name} usual") == "?keep is for moderators, as usual."
        assert owner(f"?limits set {name} 3 in 1m") == (
            "Set: ?keep: 3 in 1 min. Undo: ?limits clear ?keep"
        )
        assert owner("?limits").startswith("?keep: 3 in 1 min")
        assert owner(f"?limits clear {name}").startswith("Cleared: ?keep")
        assert owner(f"?help {name}").startswith("?keep [words]: ")
        assert owner(f'?rules add contains "{name}s" command {name} One').startswith("Added rule")
        assert "command ?keep One" in owner("?rules list")
        assert owner(f"?command rename {name} store").startswith("addquote is called store here")

    def test_a_rule_runs_it_whatever_it_is_called_later(self, owner: Says) -> None:
        owner("?rules add contains morning command ?keep Good morning")
        assert owner("What a morning") == "Kept as quote #1."
        owner("?command rename keep store")
        assert owner("What a morning") == "Kept as quote #2."

    @pytest.mark.parametrize("name", ["treasure", "memories"])
    def test_a_module_has_two_names_as_well(self, owner: Says, name: str) -> None:
        assert owner(f"?help {name}").startswith("treasure: ")
        assert owner(f"?command off {name}").startswith("memories is switched off here")
        assert owner(f"?command on {name}").startswith("memories is switched on here")

    def test_where_somebody_talks_to_the_bot_the_name_of_before_is_one_too(
        self, owner: Says, doors: Doors
    ) -> None:
        """Discord's picker offers that one."""
        line = says("addquote Two", entity_id="twitch:channel:2000", user_id="olga")
        told = doors.asks({**line, "message_type": "slashCommand"})

        assert told.texts == ["Kept as quote #1."]
        assert owner("?addquote Three") == "Did you mean ?keep?"
        assert owner("!addquote Three") == ""

    def test_what_people_wrote_stays_as_they_wrote_it(self, owner: Says, doors: Doors) -> None:
        owner("?keep Try !addquote")
        told = doors.asks(says("?quote 1", entity_id="twitch:channel:2000", user_id="ana"))
        assert told.texts == ["#1: Try !addquote"]

    def test_why_tells_it_as_it_is_called(self, owner: Says) -> None:
        assert owner("?keep Mine", "ana").startswith("?keep is for moderators only.")
        assert eventually(lambda: "?keep is for moderators; " in owner("?why", "ana"), within=15)

    def test_a_strangers_function_names_them_as_well(self, owner: Says, doors: Doors) -> None:
        def rolls(door: Door) -> None:
            session = json.loads(door.stand_in.seen[-1].body)["session_id"]
            said = Chat(f"See {say_command('addquote <words>')} or {say_command('#roll')}.")
            door.says(to_wire(said, session_id=session))

        doors.functions.answer = rolls

        assert owner("#roll") == "See ?keep <words> or #roll."
