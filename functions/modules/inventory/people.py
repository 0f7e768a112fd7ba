"""Who has something: somebody on one platform, by id where the platform told one."""

from __future__ import annotations

from dataclasses import dataclass

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

    @property
    def login(self) -> str:
        return f"@{self.name.casefold()}"


def asking(call: Call) -> Borrower:
    """Who typed a command. Raises LookupError for an event that nobody caused."""
    if call.user is None:
        raise LookupError(f"{call.event_type} names no person")
    return Borrower(platform=call.entity.platform, id=call.user.id, name=call.user.name)


def named(call: Call, typed: str) -> Borrower:
    """Whom `<@301>`, `@ana` or `Ana` means; of a mention the id counts, of a word the login."""
    platform = call.entity.platform
    for mention in mentions_in(typed):
        if mention.kind == "person" and mention.platform == platform:
            name = call.in_words(typed).removeprefix("@")
            return Borrower(platform=platform, id=mention.id, name=name)
    return Borrower(platform=platform, id="", name=call.in_words(typed).removeprefix("@"))
