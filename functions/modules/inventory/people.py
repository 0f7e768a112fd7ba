"""Who has something: somebody on one platform, by id where the platform told one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Later, Speaker
from waddlebot.platforms.mentions import mentions_in
from waddlebot_sdk import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrower:
    """`id` is empty of whom a moderator named by a login: Twitch tells no more. Both are empty of
    whoever was forgotten."""

    platform: str
    id: str
    name: str

    @property
    def key(self) -> str:
        """By which the tables tell one from another on a platform."""
        return self.id or self.login

    @classmethod
    def kept(cls, row: Mapping[str, Any]) -> Borrower:
        """Of a row with `platform`, `holder` and `holder_name`."""
        has_id = not row["holder"].startswith(("@", "?"))
        id_ = row["holder"] if has_id else ""
        return cls(platform=row["platform"], id=id_, name=row["holder_name"])

    def is_same(self, other: Borrower) -> bool:
        """By id where both are known by it, else by login."""
        if self.platform != other.platform:
            return False
        both = self.id and other.id
        return self.id == other.id if both else self.login == other.login

    @property
    def speaker(self) -> Speaker | None:
        """To whom something is said later; nobody where no id is known."""
        return Speaker(id=self.id, name=self.name) if self.id else None

    @property
    def login(self) -> str:
        return f"@{self.name.casefold()}"


def asking(call: Call) -> Borrower:
    """Who typed a command. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    return Borrower(platform=call.entity.platform, id=call.user.id, name=call.user.name)


def asking_later(call: Call) -> Later:
    """Where and how to come back to who typed it."""
    if call.later:
        return msgspec.convert(call.later, Later)
    person = asking(call)
    speaker = Speaker(id=person.id, name=person.name)
    return Later(entity=EntityId(call.entity.id), user=speaker)


def named(call: Call, typed: str) -> Borrower:
    """Whom `<@301>`, `@ana` or `Ana` means; of a mention the id counts, of a word the login."""
    platform = call.entity.platform
    for mention in mentions_in(typed):
        if mention.kind == "person" and mention.platform == platform:
            name = call.in_words(typed).removeprefix("@")
            return Borrower(platform=platform, id=mention.id, name=name)
    return Borrower(platform=platform, id="", name=call.in_words(typed).removeprefix("@"))
