"""A community's own words for commands: its prefix, and the names it gave to some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from waddlebot_sdk.own_words import STRANGERS_PREFIX, USUAL_PREFIX, word_commands

__all__ = ["COMMUNITY_NAME", "NAME", "USUAL_PREFIX", "OwnWords"]

NAME = re.compile(r"[^\W_]{2,25}")
"""By which a command may be called."""
COMMUNITY_NAME = re.compile(r"[^\W_][\w .,'&!+-]{1,58}[\w.!+]")


# Without slots: it remembers what its names stand for.
@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """`names` are words by which commands (`!quote`) are called here in place of their own."""

    prefix: str = USUAL_PREFIX
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def are_usual(self) -> bool:
        return self.prefix == USUAL_PREFIX and not self.names

    @cached_property
    def _called(self) -> Mapping[str, str]:
        """The names of commands here."""
        return {command: name for name, command in self.names.items()}

    def command_called(self, word: str) -> str | None:
        """The id of the command that is called so here and nowhere else."""
        return self.names.get(word.lower())

    def is_renamed(self, command: str) -> bool:
        return command in self._called

    def shown(self, typed: str) -> str:
        """How what others type as `!quote`, or `!quote 3`, is typed here."""
        if not typed.startswith(USUAL_PREFIX):
            return typed
        first, *rest = typed.split(maxsplit=1)
        name = self._called.get(first) or first.removeprefix(USUAL_PREFIX)
        return self.prefix + " ".join((name, *rest))

    def word_shown(self, word: str) -> str:
        """The first word of commands, as it is called here."""
        return self._called.get(f"{USUAL_PREFIX}{word}", word)

    def declared(self, words: str) -> str:
        """`zitat 3` as `quote 3`: what is typed behind the prefix, as modules declare it."""
        first, *rest = words.split(maxsplit=1) or [""]
        command = self.command_called(first)
        return " ".join((command.removeprefix(USUAL_PREFIX), *rest)) if command else words

    def declared_line(self, typed: str) -> str:
        """`?zitat 3` as `!quote 3`; what is typed as everywhere stays as it is."""
        prefix = next((one for one in (self.prefix, USUAL_PREFIX) if typed.startswith(one)), "")
        line = self.declared(typed.removeprefix(prefix))
        return f"{USUAL_PREFIX}{line}" if prefix else line

    def meant(self, typed: str) -> Iterator[str]:
        """What somebody may mean who names a command or a module, the likeliest first.

        With a prefix, usual or own, it is a command; without one it may be a module. Names of
        before are understood as well as own ones.
        """
        name = typed.strip().lower()
        if name.startswith(STRANGERS_PREFIX):
            yield name
            return
        bare = self._without_prefix(name)
        declared = self.declared(bare)
        if declared != bare:
            yield f"{USUAL_PREFIX}{declared}"
        if bare == name:
            yield name
        yield f"{USUAL_PREFIX}{bare}"
        if bare == name:
            yield f"{STRANGERS_PREFIX}{bare}"

    def _without_prefix(self, name: str) -> str:
        own = name.removeprefix(self.prefix)
        return own if own != name else name.removeprefix(USUAL_PREFIX)

    def reword(self, text: str) -> str:
        """A text that names commands (`say_command`), as its readers type them."""
        return word_commands(text, self.shown)
