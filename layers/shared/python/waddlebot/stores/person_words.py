"""What in other people's texts and rows is about one person, and the same without that person.

An id is compared as the whole id of its platform. A name counts only as `@name`, has four and more
characters, and is nobody else's: "the" is a word and "Ana" may be another.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tomli_w

SOMEBODY = "somebody"
"""Who a person is in what must stay."""
LEAST_CHARACTERS = 4
_NOBODY = "(?!)"
_ID, _NAME = "_id", "_name"
# A channel's id may be its owner's: only fields that mean people.
_PEOPLE = frozenset({"user_id", "recipient_id", "gifter_id", "moderator_id", "target_id"})


@dataclass(frozen=True)
class NamedAccount:
    """One account; `names` are those by which others may call it, and nobody else."""

    platform: str
    user: str
    names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.user}"

    @cached_property
    def call(self) -> str:
        """A pattern of `@name`, for Python and PostgreSQL, without regard to case."""
        names = "|".join(map(re.escape, self.names)) or _NOBODY
        return rf"(?<![\w@])@(?:{names})(?![\w-]|\.\w)"

    @cached_property
    def mention(self) -> str:
        """What Discord and Slack make of it: to be looked for on the account's platform alone."""
        return rf"<@!?{re.escape(self.user)}(?:\|[^<>|]*)?>"

    @cached_property
    def word(self) -> str:
        """A pattern of the account's key: `twitch:88`, and neither `twitch:888` nor a place."""
        return rf"(?<![\w:]){re.escape(self.key)}(?![\w:/])"

    @cached_property
    def _described(self) -> str:
        """How an account is described where it is asked about."""
        own = rf"\(id {re.escape(self.user)}, shown as “[^”]*”\)"
        return rf"(?:The )?(?i:{re.escape(self.platform)}) account (?:\S+ )?{own}"

    @property
    def sought(self) -> list[str]:
        """Patterns of ILIKE for JSON: all that may hold any of it, and more."""
        names = [json.dumps(name, ensure_ascii=False)[1:-1] for name in self.names]
        words = [f"@{name}" for name in names]
        return [f"%{literal(one)}%" for one in (*words, f"<@{self.user}", f"<@!{self.user}")]

    def is_called_in(self, text: str, platform: str) -> bool:
        return self.without(text, platform) != text

    def without(self, text: str, platform: str, *, by_name: bool = False) -> str:
        """A text said on this platform; `by_name`: it is known to be about this person."""
        text = re.sub(self.call, f"@{SOMEBODY}", text, flags=re.IGNORECASE)
        text = re.sub(self.word, SOMEBODY, text)
        if platform == self.platform:
            text = re.sub(self.mention, f"@{SOMEBODY}", text)
        text = re.sub(self._described, SOMEBODY, text)
        if by_name and self.names:
            names = "|".join(map(re.escape, self.names))
            text = re.sub(rf"(?<!\w)(?:{names})(?!\w)", SOMEBODY, text, flags=re.IGNORECASE)
        return text

    def without_in(self, value: Any, platform: str, *, by_name: bool = False) -> Any:
        """JSON of somebody else: every text in it, and what names this person by id.

        A line for this person alone goes altogether.

        `value` is any JSON, and so is what comes back.
        """
        if isinstance(value, str):
            return self.without(value, platform, by_name=by_name)
        if isinstance(value, list):
            kept = (one for one in value if not self.is_of(one))
            return [self.without_in(one, platform, by_name=by_name) for one in kept]
        if isinstance(value, dict):
            platform = _platform_of(value) or platform
            rest = {
                name: self.without_in(one, platform, by_name=by_name) for name, one in value.items()
            }
            return rest | self._without_ids(value, platform)
        return value

    def _without_ids(self, fields: Mapping[str, Any], platform: str) -> dict[str, str]:
        """`recipient_id` with the name beside it."""
        if platform != self.platform:
            return {}
        mine = [
            name.removesuffix(_ID)
            for name, one in fields.items()
            if name in _PEOPLE and one == self.user
        ]
        named = {f"{one}{_NAME}": SOMEBODY for one in mine if f"{one}{_NAME}" in fields}
        return {f"{one}{_ID}": "" for one in mine} | named

    def is_of(self, fields: Any) -> bool:
        """Whether this is a row or a line of this person, by id and platform or place.

        What is asked of Twitch may name people as `@name`.

        `fields` may be anything that JSON knows.
        """
        if not isinstance(fields, dict) or _platform_of(fields) != self.platform:
            return False
        user = _id_of(fields.get("user_id") or fields.get("user"))
        named = {f"@{name.lower()}" for name in self.names}
        return user == self.user or (isinstance(user, str) and user.lower() in named)

    def without_in_text_form(self, text: str) -> str:
        """A community as text: without what hangs on this account, and the rest as it was."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return self.without(text, self.platform)
        roles = document.get("roles", [])
        document["roles"] = [
            one for one in roles if not self.is_of({"platform": self.platform, **one})
        ]
        for label in document.get("labels", {}).values():
            hanging = label.get("on", [])
            label["on"] = [one for one in hanging if one.get("thing") != self.key]
        left = tomli_w.dumps(_without_empty(document, was=tomllib.loads(text)))
        return re.sub(self.word, SOMEBODY, left)


def _platform_of(fields: Mapping[str, Any]) -> str:
    """Empty where a row does not say it."""
    said = fields.get("platform") or fields.get("entity") or fields.get("entity_id")
    return str(said or "").partition(":")[0]


def _id_of(user: Any) -> Any:
    return user.get("id") if isinstance(user, dict) else user


def _without_empty(document: dict[str, Any], *, was: dict[str, Any]) -> dict[str, Any]:
    """What became empty is left out, as whoever wrote the text leaves it out."""
    for name, label in document.get("labels", {}).items():
        if not label["on"] and was["labels"][name].get("on") != []:
            del label["on"]
    if not document["roles"] and was.get("roles") != []:
        del document["roles"]
    return document


def literal(text: str) -> str:
    """As a pattern of LIKE that means just this text."""
    return "".join(f"\\{one}" if one in "%_\\" else one for one in text)


def callable_names(names: Iterable[str], borne: Sequence[str]) -> tuple[str, ...]:
    """Those by which nobody else is called; `borne` are others' names in small letters."""
    taken = frozenset(borne)
    return tuple(
        sorted(
            {name for name in names if len(name) >= LEAST_CHARACTERS and name.lower() not in taken}
        )
    )
