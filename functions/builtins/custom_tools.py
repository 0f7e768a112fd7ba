"""What commands about custom commands work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from functions.builtins.counting_on import say_counted_on
from functions.builtins.facts_for_texts import FactTools
from functions.builtins.naming import read_place, shown_places
from functions.builtins.previewed_custom import Previewing
from functions.builtins.tools import Deciding, WithStores
from functions.builtins.wanted_custom import Wanted, undo_of
from functions.builtins.wanted_when import read_when
from waddlebot.domain.aliases import aliases_of, read_alias, split_head
from waddlebot.domain.custom_commands import CustomCommand, custom_of, described, moment_of
from waddlebot.domain.custom_counting import counters_of
from waddlebot.domain.custom_whens import When, why_silent
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Community
from waddlebot.platforms.emoji_names import find_emoji
from waddlebot.stores.own_counters import OF_CUSTOM, OwnCounters
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Call, say_command

MOST_LISTED = 120
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
        """In their order."""
        return describe_all(commands, self)

    def noting_counts(
        self, edit: Edit, deed: Callable[[], CustomCommand]
    ) -> tuple[CustomCommand, str]:
        """What the deed gives back, and ` It counts on from 7.`, where it counts with what was left
        lately.
        """
        left = OwnCounters(edit, self.session.community.id, OF_CUSTOM).left()
        made = deed()
        return made, say_counted_on(left, counters_of(made.name, made.text), made.name)

    def why_silent(self, found: CustomCommand) -> str:
        """` Here and now it is silent: …`, or nothing."""
        silent = why_silent(found.when, moment_of(self.session))
        return f" Here and now it is silent: it {silent}." if silent else ""


@dataclass(frozen=True, kw_only=True)
class CustomTools(FindingCustom, Previewing, FactTools):
    """What is needed to say them as well."""


def describe_all(commands: Sequence[CustomCommand], tools: WithStores) -> list[str]:
    """In their order; how all their places are called is asked for at once."""
    also = _also_called(tools.session.community)
    places = shown_places((place for one in commands for place in one.when.places), tools)
    return [described(one, places.place, also=also.get(one.name, ())) for one in commands]


def _also_called(community: Community) -> Mapping[str, Sequence[str]]:
    """Aliases that lead to one of them alone, by its name."""
    found: dict[str, list[str]] = {}
    for name, text in sorted(aliases_of(community).items()):
        steps = read_alias(name, text).steps
        if len(steps) == 1:
            found.setdefault(split_head(steps[0])[0], []).append(name)
    return found


def shortened(text: str) -> str:
    """As one of a list."""
    return text if len(text) <= MOST_LISTED else f"{text[:MOST_LISTED]}…"


def named(call: Call, tools: FindingCustom) -> str:
    return tools.bare(call.arguments["name"])


def undo_behind(before: CustomCommand | None, wanted: Wanted) -> str:
    """` Undo: …`, where there was one."""
    return f" Undo: {undo_of(before, wanted)}" if before else ""
