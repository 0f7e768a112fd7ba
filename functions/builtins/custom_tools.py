"""What commands about custom commands work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from functions.builtins.facts_for_texts import FactTools
from functions.builtins.naming import read_place, shown_places
from functions.builtins.previewed_custom import Previewing
from functions.builtins.tools import Deciding
from functions.builtins.wanted_custom import Wanted, undo_of
from functions.builtins.wanted_when import read_when
from waddlebot.domain.custom_commands import CustomCommand, custom_of, described, moment_of
from waddlebot.domain.custom_whens import When, why_silent
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot_sdk import Call, say_command

LIST = say_command("custom list")


@dataclass(frozen=True, kw_only=True)
class FindingCustom(Deciding):
    """What is needed to find and to describe them."""

    @property
    def commands(self) -> Mapping[str, CustomCommand]:
        return custom_of(self.session.community)

    def find(self, typed: str) -> CustomCommand:
        """Raises Refusal."""
        name = self.bare(typed)
        if name not in self.commands:
            words = f"There is no custom command '{name[:50]}'. See {LIST}."
            raise Refusal(words, Because.UNKNOWN)
        return self.commands[name]

    def bare(self, typed: str) -> str:
        """A name without the prefix that people type before it."""
        own = self.session.community.words.prefix
        bare = typed.removeprefix(own)
        return fold_name(find_emoji(bare if bare != typed else typed.removeprefix(USUAL_PREFIX)))

    def read_when(self, typed: str) -> When:
        """Raises NotUnderstood, Refusal."""
        return read_when(typed, lambda one: read_place(self.session, one))

    def described(self, *commands: CustomCommand) -> list[str]:
        """In their order; how all their places are called is asked for at once."""
        places = shown_places((place for one in commands for place in one.when.places), self)
        return [described(one, places.place) for one in commands]

    def why_silent(self, found: CustomCommand) -> str:
        """` Here and now it is silent: …`, or nothing."""
        silent = why_silent(found.when, moment_of(self.session))
        return f" Here and now it is silent: it {silent}." if silent else ""


@dataclass(frozen=True, kw_only=True)
class CustomTools(FindingCustom, Previewing, FactTools):
    """What is needed to say them as well."""


def named(call: Call, tools: FindingCustom) -> str:
    return tools.bare(call.arguments["name"])


def undo_behind(before: CustomCommand | None, wanted: Wanted) -> str:
    """` Undo: …`, where there was one."""
    return f" Undo: {undo_of(before, wanted)}" if before else ""
