"""A person's own keys, and what the one that asks may: `/api/identity`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request

from functions.communities.asking import Wire, memberships_in, room_of, told
from functions.communities.community_routes import Body
from waddlebot.decisions.own_keys import (
    MadeKey,
    find_own_keys,
    make_own_key,
    rename_own_key,
    renew_own_key,
    revoke_own_key,
)
from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Rejected
from waddlebot.runtime.serve_app import caller_of
from waddlebot.stores.api_keys import ApiKey
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.own_api_keys import OwnApiKey
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit, Versions, editing
from waddlebot_sdk.own_words import say_command

routes = APIRouter()
KeyId = Annotated[str, Path(pattern="^[0-9a-f]{12}$")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequest:
    """Of a person who asks with a key of theirs."""

    postgres: Postgres
    versions: Versions
    caller: ApiKey
    me: Identity

    @property
    def account(self) -> Account:
        return Account(self.me.platform, self.me.user_id)

    @contextmanager
    def editing(self) -> Iterator[Edit]:
        with editing(self.postgres, self.versions, by=self.me.key) as edit:
            yield edit


def own(request: Request) -> OwnRequest:
    """Raises Rejected: 403, the key is nobody's own."""
    caller, resources = caller_of(request), room_of(request).resources
    if caller.person is None:
        how = say_command("keys make")
        words = f"That is for a person's own key. Type {how} where the bot is, and take that one."
        raise Rejected(403, "NOT_A_PERSON", words)
    return OwnRequest(
        postgres=resources.postgres,
        versions=Versions(resources.cache),
        caller=caller,
        me=caller.person,
    )


AsPerson = Annotated[OwnRequest, Depends(own)]


class KeyWanted(Body):
    """Without a name it is called by its number."""

    name: str = ""


class KeyNamed(Body):
    name: str


@routes.get("/me")
def show_me(asked: AsPerson) -> Wire:
    """Whose key this is, with every account that they linked, and what they are where.

    Raises Unavailable.
    """
    with asked.postgres.writer() as connection:
        linked = Identities(Edit(connection)).of(asked.me)
    return told(
        {
            "accounts": [
                {"platform": one.platform, "user_id": one.user_id, "name": one.name}
                for one in linked
            ],
            "communities": [
                {"id": one.community, "name": one.name, "role": one.role.value}
                for one in memberships_in(asked.postgres, asked.me)
            ],
        }
    )


@routes.get("/api-keys")
def list_own_keys(asked: AsPerson) -> Wire:
    """Those that work, the oldest first, five at most; their texts are told to nobody again.

    Raises Unavailable.
    """
    with asked.postgres.writer() as connection:
        return told(list(map(_key, find_own_keys(Edit(connection), asked.account))))


@routes.post("/api-keys")
def post_own_key(asked: AsPerson, body: KeyWanted | None = None) -> Wire:
    """`key` is its text, told this once. It ends with the key that made it, at the latest."""
    name = body.name if body else ""
    with asked.editing() as edit:
        made = make_own_key(edit, asked.me, name=name, with_key=asked.caller.hash)
    return told(_made(made))


@routes.patch("/api-keys/{key_id}")
def patch_own_key(key_id: KeyId, body: KeyNamed, asked: AsPerson) -> Wire:
    with asked.editing() as edit:
        name = rename_own_key(
            edit, asked.account, key=key_id, name=body.name, with_key=asked.caller.hash
        )
    return told({"id": key_id, "name": name})


@routes.post("/api-keys/{key_id}/regenerate")
def regenerate_own_key(key_id: KeyId, asked: AsPerson) -> Wire:
    """Another text, and so another id; the old one is refused everywhere within a minute."""
    with asked.editing() as edit:
        made = renew_own_key(edit, asked.account, key=key_id, with_key=asked.caller.hash)
    return told(_made(made))


@routes.delete("/api-keys/{key_id}")
def delete_own_key(key_id: KeyId, asked: AsPerson) -> Wire:
    """For good: it is refused everywhere within a minute."""
    with asked.editing() as edit:
        name = revoke_own_key(edit, asked.account, key=key_id, with_key=asked.caller.hash)
    return told({"id": key_id, "name": name})


def _made(made: MadeKey) -> dict[str, Any]:
    return {**_key(made.key), "key": made.text}


def _key(one: OwnApiKey) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "hint": one.hint,
        "created_at": one.created_at.isoformat(),
        "renewed_at": _moment(one.renewed_at),
        "expires_at": one.expires_at.isoformat(),
        "last_used_at": _moment(one.last_used_at),
        "uses": one.uses,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
