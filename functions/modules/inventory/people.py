"""Who has something: somebody on one platform, by id where the platform told one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Later, Speaker
from waddlebot.platforms import find_abilities
from waddlebot_sdk import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrower:
    """`id` is empty of whom a moderator named by a login: Twitch tells no more. Both are empty of
    whoever was forgotten."""

    platform: str
    id: str
    name: str
    account_name: str = ""
    """A login, where the name that people see is another one."""
    accounts: frozenset[str] = field(default=frozenset(), compare=False)
    """All that are this person's, as `account` says them; empty while nobody asked the house."""

    @property
    def account(self) -> str:
        """`discord:301`; `twitch:@ana` of whom only the login is known."""
        return f"{self.platform}:{self.key}"

    @property
    def every_account(self) -> list[str]:
        """With the login, under which something may have been lent before there was an id."""
        return sorted({*self.accounts, self.account, f"{self.platform}:{self.login}"})

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
        """By an account that both have, else by id, or by login where one has none.

        Of two who were forgotten nobody knows whether they are one.
        """
        if other.account in self.accounts or self.account in other.accounts:
            return True
        if self.platform != other.platform or not (self.id or self.name):
            return False
        both = self.id and other.id
        return self.id == other.id if both else self.login == other.login

    @property
    def speaker(self) -> Speaker | None:
        """To whom something is said later; nobody where no id is known."""
        return Speaker(id=self.id, name=self.name) if self.id else None

    @property
    def login(self) -> str:
        return f"@{(self.account_name or self.name).casefold()}"


def asking(call: Call) -> Borrower:
    """Who typed a command. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    speaker = msgspec.convert(call.later, Later).user if call.later else None
    return Borrower(
        platform=call.entity.platform,
        id=call.user.id,
        name=call.user.name,
        account_name=speaker.login if speaker else "",
    )


def asking_later(call: Call) -> Later:
    """Where and how to come back to who typed it."""
    if call.later:
        return msgspec.convert(call.later, Later)
    person = asking(call)
    speaker = Speaker(id=person.id, name=person.name)
    return Later(entity=EntityId(call.entity.id), user=speaker)


def named(call: Call, typed: str) -> Borrower | None:
    """Whom `<@301>` or, where logins are one person's, `@ana` means; None where it is nobody.

    A name that anybody may bear is nobody's.
    """
    platform = call.entity.platform
    abilities = find_abilities(platform)
    found = abilities.person.fullmatch(typed) if abilities.person else None
    if found is None:
        return None
    told = next(filter(None, found.groups()))
    if abilities.by_login:
        return Borrower(platform=platform, id="", name=told)
    return Borrower(platform=platform, id=told, name=call.in_words(typed).removeprefix("@"))
