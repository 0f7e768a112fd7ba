"""All that can be typed or listened to, at one version of the command table."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from waddlebot.domain.giving_way import gives_way
from waddlebot.domain.triggers import CommandTrigger, EventTrigger
from waddlebot_sdk.wishes import May

PREFIXES = ("!", "#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`rest` is what follows the command, as it was typed."""

    trigger: CommandTrigger
    rest: str


class CommandTable:
    """`commands` holds aliases as rows of their own that share the canonical row's id."""

    def __init__(
        self, commands: Sequence[CommandTrigger], listeners: Sequence[EventTrigger]
    ) -> None:
        self._commands = {command.typed.lower(): command for command in commands}
        self._most_words = _most_words_by_first(self._commands)
        self._taken = frozenset(
            typed.split()[0] for typed, one in self._commands.items() if not gives_way(one.module)
        )
        self._listeners = _by_event_type(listeners)
        self._modules: Mapping[str, tuple[CommandTrigger, ...]] | None = None
        self._heads: Mapping[str, str] | None = None

    def find(self, prefix: str, text: str) -> Found | None:
        """The command that `text` begins with; of `memories` and `memories add` the longer."""
        most = self._most_words.get(prefix + _first_word(text), 0)
        words = text.split(maxsplit=most)
        for count in range(min(most, len(words)), 0, -1):
            trigger = self._commands.get(prefix + " ".join(words[:count]).lower())
            if trigger:
                return Found(trigger=trigger, rest="".join(text.split(maxsplit=count)[count:]))
        return None

    def begins(self, prefix: str, text: str) -> bool:
        """Whether some command starts with the first word of `text`."""
        return prefix + _first_word(text) in self._most_words

    def is_taken(self, prefix: str, text: str) -> bool:
        """Whether some command starts with the first word that gives way to nobody's own."""
        return prefix + _first_word(text) in self._taken

    def listeners(self, event_type: str) -> tuple[EventTrigger, ...]:
        return self._listeners.get(event_type, ())

    def community_functions(self) -> Mapping[str, tuple[str, ...]]:
        """Strangers' by name, each with the types of events that it would hear."""
        heard: dict[str, list[str]] = {
            module: [] for module, commands in self.modules().items() if commands[0].prefix == "#"
        }
        for event_type, listeners in self._listeners.items():
            for listener in listeners:
                if listener.destination.is_strangers:
                    heard.setdefault(listener.module, []).append(event_type)
        return {module: tuple(sorted(events)) for module, events in sorted(heard.items())}

    def strangers_may(self, module: str) -> frozenset[May]:
        """What a community function declares that it may do besides answering."""
        triggers = (*self._commands.values(), *itertools.chain(*self._listeners.values()))
        theirs = (one for one in triggers if one.destination.is_strangers)
        return frozenset().union(*(one.may for one in theirs if one.module == module))

    def modules(self) -> Mapping[str, tuple[CommandTrigger, ...]]:
        """What each module offers, every command once and in its shortest form."""
        # A table never changes, and sorting a thousand commands is too dear for every `!help`.
        if self._modules is None:
            self._modules = self._by_module()
        return self._modules

    def _by_module(self) -> Mapping[str, tuple[CommandTrigger, ...]]:
        offered: dict[str, list[CommandTrigger]] = defaultdict(list)
        for command in self._shortest_forms():
            offered[command.module].append(command)
        return {
            module: tuple(sorted(commands, key=lambda command: command.typed))
            for module, commands in sorted(offered.items())
        }

    def heads(self) -> Mapping[str, str]:
        """First words, each with its prefix: of `#both` and `!both` the latter."""
        if self._heads is None:
            self._heads = {head[1:]: head for head in sorted(self._most_words, reverse=True)}
        return self._heads

    def below(self, prefix: str, word: str) -> tuple[CommandTrigger, ...]:
        """The commands whose path starts with this word, in the alphabet's order."""
        start = f"{prefix}{word.lower()}"
        return tuple(
            command
            for typed, command in sorted(self._commands.items())
            if typed == start or typed.startswith(f"{start} ")
        )

    def _shortest_forms(self) -> list[CommandTrigger]:
        shortest: dict[str, CommandTrigger] = {}
        for command in self._commands.values():
            known = shortest.get(command.id)
            if known is None or len(command.path) < len(known.path):
                shortest[command.id] = command
        return list(shortest.values())


def _first_word(text: str) -> str:
    return text.split(maxsplit=1)[0].lower() if text.strip() else ""


def _most_words_by_first(commands: Mapping[str, CommandTrigger]) -> dict[str, int]:
    most: dict[str, int] = defaultdict(int)
    for typed in commands:
        words = typed.split()
        most[words[0]] = max(most[words[0]], len(words))
    return dict(most)


def _by_event_type(listeners: Sequence[EventTrigger]) -> dict[str, tuple[EventTrigger, ...]]:
    """One listener never keeps another from hearing, whatever its row says."""
    found: dict[str, list[EventTrigger]] = defaultdict(list)
    for listener in listeners:
        found[listener.event_type].append(replace(listener, consumes=False))
    return {event_type: tuple(those) for event_type, those in found.items()}
