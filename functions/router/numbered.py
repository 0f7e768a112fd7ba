"""Buttons and menus where people type numbers: `Which? — 1 One · 2 Two (!pick 1)`.

A number is looked for among all that was offered last in its place, so that those of one call go on
from one offer to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from waddlebot.domain.events import Event
from waddlebot.domain.press_sayings import say_pick
from waddlebot.stores.offered import Choices, Pickable, ToKeep, keep_choices
from waddlebot_sdk.asks import Buttons, Select

SHORTEST_LABEL = 8


class PickNumbers:
    """Of one call. Where any of it is for all, so are the numbers: an id says whose it is."""

    def __init__(self) -> None:
        self._choices: list[Pickable] = []
        self._seconds = 0
        self._is_for_all = False

    def offered(
        self,
        ask: Buttons | Select,
        labels: Sequence[str],
        choices: Sequence[Pickable],
        word: Callable[[str], str],
        *,
        room: int,
    ) -> str:
        """The line that says them, of `room` characters where that can be: labels give way, as a
        number that nobody reads is picked by nobody. `word` gives it the community's own prefix.
        """
        first = len(self._choices) + 1
        self._choices += choices
        self._seconds = max(self._seconds, ask.terms.minutes * 60)
        self._is_for_all |= not (ask.terms.asker_alone or ask.terms.private)
        how = word(say_pick(first))
        line = _said(ask.text, labels, first, how)
        if len(line) <= room:
            return line
        around = len(_said(ask.text, [""] * len(labels), first, how))
        each = max((room - around) // len(labels), SHORTEST_LABEL)
        return _said(ask.text, [_cut(one, each) for one in labels], first, how)

    def kept(self, event: Event, now: datetime) -> list[ToKeep]:
        """Nothing where no numbers were given."""
        if not self._choices:
            return []
        whose = "" if self._is_for_all or event.user is None else event.user.id
        choices = Choices(at=now, choices=tuple(self._choices))
        return [keep_choices(event.entity, whose, choices, self._seconds)]


def _said(text: str, labels: Sequence[str], first: int, how: str) -> str:
    told = " · ".join(f"{number} {label}" for number, label in enumerate(labels, first))
    return f"{text} — {told} ({how})"


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
