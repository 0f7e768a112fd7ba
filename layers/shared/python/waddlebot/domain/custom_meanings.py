"""What a variable of custom commands is: what it says, of what it is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from random import Random

from waddlebot.domain.custom_facts import Fact, Facts
from waddlebot_sdk.grammar import split_words

CALLERS = ("user", "sender", "source")
"""Who types a command, as three words name them."""


# Without slots: it remembers its words.
@dataclass(frozen=True, kw_only=True)
class Calling:
    """Who typed a custom command, where, and what behind it.

    `count` adds to a counter and says what it has come to. `chance` is the same for the same call.
    `place` is the channel's id on its platform, `line` that of what was typed, `prefix` what stands
    before a command here, `facts` what was asked for beforehand.
    """

    command: str
    typed: str
    user: str
    user_id: str
    level: str
    channel: str
    platform: str
    now: datetime
    zone: str
    chance: Random
    count: Callable[[str, int], int]
    place: str = ""
    line: str = ""
    prefix: str = "!"
    facts: Facts = Facts()  # noqa: RUF009 - it is frozen

    @cached_property
    def words(self) -> Sequence[str]:
        return split_words(self.typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """`check` looks at what is written behind it, where that holds no variable. Raises Refusal.

    `needs` is what is asked for before it can be said.
    """

    say: Callable[[Calling, str], str]
    check: Callable[[str], None] = lambda _given: None
    needs: Fact | None = None
