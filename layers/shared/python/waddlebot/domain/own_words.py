"""A community's own words for commands: its prefix, and the names it gave to some of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

USUAL_PREFIX = "!"
NAME = re.compile(r"[^\W_]{2,25}")
"""By which a command may be called."""
COMMUNITY_NAME = re.compile(r"[^\W_][\w .,'&!+-]{1,58}[\w.!+]")

# What stands in “…” was typed by somebody.
_OURS = re.compile(r"“[^”]*”|(?<![\w!])!([a-z]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """`names` are words by which commands (`!quote`) are called here in place of their own."""

    prefix: str = USUAL_PREFIX
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def are_usual(self) -> bool:
        return self.prefix == USUAL_PREFIX and not self.names

    def command_called(self, word: str) -> str | None:
        """The id of the command that is called so here and nowhere else."""
        return self.names.get(word.lower())

    def is_renamed(self, command: str) -> bool:
        return command in self.names.values()

    def shown(self, typed: str) -> str:
        """How what others type as `!quote` is typed here."""
        if not typed.startswith(USUAL_PREFIX):
            return typed
        name = next((name for name, command in self.names.items() if command == typed), None)
        return self.prefix + (name or typed.removeprefix(USUAL_PREFIX))

    def reword(self, text: str) -> str:
        """A sentence of ours that says what to type."""
        if self.are_usual:
            return text
        return _OURS.sub(lambda found: self.shown(found[0]) if found[1] else found[0], text)
