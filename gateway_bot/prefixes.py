"""What lines begin with that somebody waits for, as far as the router has said."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.own_words import USUAL_PREFIX

MOST_PLACES = 10_000
_EVERYWHERE = ("#", "<#")
"""Community functions; the latter where the platform made a link of it."""


@dataclass(slots=True)
class Prefixes:
    """Of places with a prefix of their own; what is not here has the usual one.

    A place whose prefix has just changed is known again with the router's next answer about it:
    one line waits a moment for company that need not.
    """

    _own: OrderedDict[EntityId, str] = field(default_factory=OrderedDict)

    def learn(self, place: EntityId, prefix: str) -> None:
        """Nothing where the router did not say it: an older one, or it could not open the place."""
        if not prefix:
            return
        if prefix == USUAL_PREFIX:
            self._own.pop(place, None)
            return
        self._own[place] = prefix
        self._own.move_to_end(place)
        if len(self._own) > MOST_PLACES:
            self._own.popitem(last=False)

    def is_urgent(self, event: Event) -> bool:
        """Somebody waits for it: it is no small talk."""
        if event.type is not MessageType.CHAT_MESSAGE:
            return True
        prefix = self._own.get(event.place, USUAL_PREFIX)
        return event.text.lstrip().startswith((prefix, *_EVERYWHERE))
