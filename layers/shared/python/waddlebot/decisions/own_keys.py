"""Keys with which a person asks the API as who they are: made, named, renewed and revoked.

No part of a community: a key may in each of them what its person may there at that moment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Because, Refusal, Rejected
from waddlebot.domain.key_texts import OF_PEOPLE, new_key_text
from waddlebot.stores.identities import Identity
from waddlebot.stores.own_api_keys import OwnApiKey, OwnApiKeys
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command

MOST_LIVE = 5
LIFE = timedelta(days=365)
MOST_LETTERS = 40
ALL = "all"
"""No key is called so: it means every one."""

_NAME = re.compile(rf"[\w](?:[\w .-]{{0,{MOST_LETTERS - 2}}}[\w.-])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeKey:
    """`text` is told once; nobody can ask for it again."""

    text: str = field(repr=False)
    key: OwnApiKey


def find_own_keys(edit: Edit, asker: Account) -> Sequence[OwnApiKey]:
    """Those that work, the oldest first."""
    now = datetime.now(UTC)
    return [one for one in OwnApiKeys(edit, asker).all() if one.is_live(now)]


def make_own_key(
    edit: Edit, asker: Identity, *, name: str = "", with_key: bytes = b"", call: str = ""
) -> MadeKey:
    """For a year; what a key makes, `with_key` its hash, ends with it at the latest.

    Without a name it is called by its number. Called again for the same `call` it makes another
    key in place of the one that nobody was told.

    Raises:
        Refusal: five work already; another one is called so; it is no name.
        Rejected: 401, the key that asks was ended meanwhile.
    """
    keys = OwnApiKeys(edit, Account(asker.platform, asker.user_id))
    if call:
        keys.forget_made_by(call)
    now, there = datetime.now(UTC), keys.all()
    until = _end(now, there, with_key)
    if sum(one.is_live(now) for one in there) >= MOST_LIVE:
        how = say_command("keys revoke NAME")
        words = f"You have {MOST_LIVE} keys, and more are not to be had. End one first: {how}"
        raise Refusal(words, code="TOO_MANY_KEYS")
    wanted = _free(name, there) if name else _next_name(there)
    text = new_key_text(OF_PEOPLE)
    made = keys.put(text, asker, name=wanted, until=until, call=call)
    return MadeKey(text=text, key=made)


def rename_own_key(
    edit: Edit, asker: Account, *, key: str, name: str, with_key: bytes = b""
) -> str:
    """The key that has this id or name; how it is called now.

    Raises Refusal, and Rejected as `make_own_key`.
    """
    keys = OwnApiKeys(edit, asker)
    _asking(there := keys.all(), with_key)
    found = _named(key, there)
    wanted = _free(name, [one for one in there if one.hash != found.hash])
    keys.rename(found, wanted)
    return wanted


def renew_own_key(edit: Edit, asker: Account, *, key: str, with_key: bytes = b"") -> MadeKey:
    """Another text for the same key, and another year; the old text is refused at once.

    Raises:
        Refusal: there is no such key, or as many as there may be work beside one that ended.
        Rejected: as `make_own_key`.
    """
    keys = OwnApiKeys(edit, asker)
    now, there = datetime.now(UTC), keys.all()
    until, found = _end(now, there, with_key), _named(key, there)
    if sum(one.is_live(now) for one in there if one.hash != found.hash) >= MOST_LIVE:
        raise Refusal(f"You have {MOST_LIVE} other keys. End one first.", code="TOO_MANY_KEYS")
    text = new_key_text(OF_PEOPLE)
    return MadeKey(text=text, key=keys.replace(found, text, until=until))


def revoke_own_key(edit: Edit, asker: Account, *, key: str, with_key: bytes = b"") -> str:
    """For good; how it was called.

    Raises Refusal: there is no such key; Rejected as `make_own_key`.
    """
    keys = OwnApiKeys(edit, asker)
    _asking(there := keys.all(), with_key)
    found = _named(key, there)
    keys.end(found)
    return found.name


def revoke_own_keys(edit: Edit, asker: Account) -> int:
    """Every one of them; how many there were."""
    keys = OwnApiKeys(edit, asker)
    there = keys.all()
    for one in there:
        keys.end(one)
    return len(there)


def _end(now: datetime, there: Sequence[OwnApiKey], with_key: bytes) -> datetime:
    """Raises Rejected, as `_asking`."""
    asking = _asking(there, with_key)
    return min(now + LIFE, asking.expires_at) if asking else now + LIFE


def _asking(there: Sequence[OwnApiKey], with_key: bytes) -> OwnApiKey | None:
    """The key that asks, None where its person does. A process may know it for a minute after it
    was ended: who stole it changes nothing by then.

    Raises Rejected: 401, it is none of theirs any more.
    """
    if not with_key:
        return None
    for one in there:
        if one.hash == with_key:
            return one
    raise Rejected(401, "UNKNOWN_API_KEY", "This API key was ended a moment ago.")


def _named(typed: str, there: Sequence[OwnApiKey]) -> OwnApiKey:
    wanted = " ".join(typed.split()).casefold()
    for one in there:
        if wanted in {one.id, one.name.casefold()}:
            return one
    how = say_command("keys")
    words = f"You have no key of that name: already revoked, or never made. See {how}"
    raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_KEY", field="key")


def _free(typed: str, others: Sequence[OwnApiKey]) -> str:
    name = " ".join(typed.split())
    if name.casefold() == ALL or not _NAME.fullmatch(name):
        words = (
            f"A key's name is 1 to {MOST_LETTERS} letters, digits, spaces, dots and hyphens, and "
            f"not {ALL}."
        )
        raise Refusal(words, Because.WRONG, field="name")
    if any(name.casefold() in {one.id, one.name.casefold()} for one in others):
        words = f"You have a key called {name}. Take another name."
        raise Refusal(words, code="NAME_TAKEN", field="name")
    return name


def _next_name(there: Sequence[OwnApiKey]) -> str:
    taken = {one.name.casefold() for one in there}
    return next(name for n in range(1, len(there) + 2) if (name := f"key-{n}") not in taken)
