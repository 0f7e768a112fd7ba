"""What lines begin with that somebody waits for, as far as the router has said."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, MessageType

MOST_PLACES = 10_000
_EVERYWHERE = ("#", "<#")
"""Community functions; the latter where the platform made a link of it."""


@dataclass(slots=True)
class Prefixes:
    """By place. One whose prefix has just changed is known again with the router's next answer
    about it: one line waits a moment for company that need not.
    """

    _known: OrderedDict[EntityId, str] = field(default_factory=OrderedDict)

    def learn(self, place: EntityId, prefix: str) -> None:
        """Nothing where the router did not say it: an older one, or it could not open the place."""
        if not prefix:
            return
        self._known[place] = prefix
        self._known.move_to_end(place)
        if len(self._known) > MOST_PLACES:
            self._known.popitem(last=False)

    def is_urgent(self, event: Event) -> bool:
        """Somebody waits for it: it is no small talk. In a place that is not known yet any sign
        may be a prefix."""
        if event.type is not MessageType.CHAT_MESSAGE:
            return True
        line, prefix = event.text.lstrip(), self._known.get(event.place)
        if prefix is None:
            return bool(line) and not line[0].isalnum()
        return line.startswith((prefix, *_EVERYWHERE))
