"""The line that somebody reacts to, as it is kept here: a reaction comes without its words.

Only for a module that hears this one sign; of other reactions nothing is looked up.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from functions.router.mentioned import Mentions
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.line_names import edits_of, line_address, line_event
from waddlebot.domain.matches import Match
from waddlebot.domain.triggers import EventTrigger
from waddlebot.platforms.reading import hashed
from waddlebot.platforms.replied import REPLIED_TO, replied_to
from waddlebot.stores.kept_lines import KeptLine, find_line
from waddlebot.stores.postgres import Postgres

LINE = "line"
"""What it is called in the data of the event; it has the fields of a line that is answered."""
_ONLY_EMBEDS = hashed("embeds")
"""An edit that nobody made: Discord added what it found behind a link."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecalledLines:
    postgres: Postgres
    mentions: Mentions

    def recall(self, matches: Iterable[Match]) -> list[Match]:
        """With the line in the data of those that hear a sign, where it is known; nothing raises.

        Whoever tells events by the API tells no lines.
        """
        return [self._told(match) if _sign_of(match) else match for match in matches]

    def _told(self, match: Match) -> Match:
        data = {**match.session.event.data, "action": _sign_of(match), LINE: None}
        message = data.get("target_message_id")
        if isinstance(message, str) and message:
            data[LINE] = self._line(match, message)
        event = msgspec.structs.replace(match.session.event, data=data)
        return replace(match, session=replace(match.session, event=event))

    def _line(self, match: Match, message: str) -> Mapping[str, Any] | None:
        found = self._find(match, message)
        if found is None:
            return None
        told = replied_to(
            message=message,
            user_id=found.user_id,
            user_name=found.user_name,
            text=self._in_words(match, found.text),
            said_at=found.said_at,
            address=line_address(match.session.event.entity, message),
        )
        line: Mapping[str, Any] | None = told.get(REPLIED_TO)
        return line

    def _find(self, match: Match, message: str) -> KeptLine | None:
        session = match.session
        event, community, entity = session.event, session.community.id, session.spot.entity
        name = line_event(event.entity, message)
        embeds = f"{edits_of(name)[0]}{_ONLY_EMBEDS}"
        now = event.occurred_at
        try:
            return find_line(self.postgres, community, entity, name, but_for=embeds, now=now)
        except Unavailable:
            log.warning("a line was not looked up", extra={"event": event.id})
            return None

    def _in_words(self, match: Match, text: str) -> str:
        """Whom it mentions by name, as where a command keeps it."""
        for mark, name in self.mentions.kept(replace(match, text=text)).items():
            text = text.replace(mark, name)
        return text


def _sign_of(match: Match) -> str:
    return match.trigger.sign if isinstance(match.trigger, EventTrigger) else ""
