"""Who asks about which community, and whether they may: decided here for every route."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from waddlebot.decisions.asking import Asker
from waddlebot.domain import sayings
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Refusal, Rejected
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_app import caller_of
from waddlebot.stores.api_keys import ADMIN, ApiKey
from waddlebot.stores.identities import Identity
from waddlebot.stores.memberships import Membership, Whose, memberships_of
from waddlebot.stores.own_words import read_words
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit, Versions, editing
from waddlebot_sdk.roles import Role

Wire = dict[str, Any]

MOST_COMMUNITIES = 1_000
"""Of one person."""
NEEDS = "x-needs"
"""What a route needs stands in the description of the API under this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunitiesRoom:
    """Kept as long as the process lives."""

    resources: Resources
    callers: Callers


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRequest:
    """`role` is what the caller is in this community, `version` the community's at the writer."""

    room: CommunitiesRoom
    community: CommunityId
    version: str
    caller: ApiKey
    role: Role

    @property
    def postgres(self) -> Postgres:
        return self.room.resources.postgres

    @property
    def asker(self) -> Asker:
        if self.caller.person is not None:
            return Asker.over_the_api(self.caller.person.key, self.community, self.role)
        return Asker.with_key(self.caller.account, self.community, self.role)

    @contextmanager
    def editing(self) -> Iterator[Edit]:
        """One transaction, in force at every router's next event.

        Raises:
            Refusal: worded as this community types.
        """
        versions = Versions(self.room.resources.cache)
        try:
            with editing(self.postgres, versions, by=self.asker.by) as edit:
                yield edit
        except Refusal as refusal:
            words = read_words(self.postgres, self.community)
            raise refusal.said_as(words.reword(refusal.say)) from refusal


def room_of(request: Request) -> CommunitiesRoom:
    room: CommunitiesRoom = request.app.state.room
    return room


def allowed(
    needed: Role, *, per_minute: int | None = None
) -> Callable[[Request, int], CommunityRequest]:
    """A dependency: the caller, who is at least `needed` in the community of the path.

    A key of the house with the scope `admin` is an owner everywhere; a key of one community is
    what its role says, and of the others nobody: they are not there for it. A person's own is what
    they are there now, as far as that was given here: what a platform alone makes of them counts
    where they write. `per_minute` is this
    route's own limit beside the key's.

    Raises:
        Rejected: 404 for another's community or none, 403 for less than `needed`, 429.
    """

    def ask(request: Request, community: int) -> CommunityRequest:
        caller, room = caller_of(request), room_of(request)
        number = CommunityId(community)
        role = _role_in(room.resources.postgres, number, caller)
        version = None if role is None else _version_of(room.resources.postgres, number)
        if role is None or version is None:
            raise Rejected(404, "UNKNOWN_COMMUNITY", "There is no such community for this key.")
        if not role.covers(needed):
            raise Rejected(
                403,
                "MISSING_ROLE",
                f"This is for {sayings.who_may(needed)}; this key is {sayings.a_role(role)}.",
                details={"needed": needed.value, "role": role.value},
            )
        if per_minute is not None:
            room.callers.charge_route(caller, request.scope["route"].name, per_minute)
        return CommunityRequest(
            room=room, community=number, version=version, caller=caller, role=role
        )

    return ask


def needs(role: Role) -> dict[str, Any]:
    """For `openapi_extra`; a contract test compares it with what is enforced."""
    return {NEEDS: role.value}


def seen_by(postgres: Postgres, caller: ApiKey) -> Sequence[CommunityId]:
    """The communities that are there for this key, where those are not all. Raises Unavailable."""
    if caller.person is not None:
        return [one.community for one in memberships_in(postgres, caller.person)]
    return [] if caller.community is None else [caller.community]


def sees_all(caller: ApiKey) -> bool:
    """Of communities: a key of the house that may decide."""
    return caller.community is None and ADMIN in caller.scopes


def memberships_in(postgres: Postgres, person: Identity) -> Sequence[Membership]:
    """Those of a person, by the communities' names. Raises Unavailable."""
    account = Account(person.platform, person.user_id)
    return memberships_of(postgres, Whose(account), most=MOST_COMMUNITIES)


def _role_in(postgres: Postgres, community: CommunityId, caller: ApiKey) -> Role | None:
    if sees_all(caller):
        return Role.OWNER
    if caller.person is not None:
        known = memberships_in(postgres, caller.person)
        return next((one.role for one in known if one.community == community), None)
    return caller.role if caller.community == community else None


def _version_of(postgres: Postgres, community: CommunityId) -> str | None:
    """None where there is no such community."""
    if not 0 <= community < 2**63:  # larger numbers than PostgreSQL knows are nobody's
        return None
    # The writer: what was changed a moment ago is seen by its version.
    rows = postgres.write("SELECT version FROM communities WHERE id = %(id)s", {"id": community})
    return rows[0]["version"] if rows else None


def told(data: Any, **meta: Any) -> Wire:
    """The envelope of every answer."""
    return {"success": True, "data": data, **({"meta": meta} if meta else {})}


def paged(found: Sequence[Any], most: int, *, last: Callable[[Any], Any], data: Any) -> Wire:
    """`found` holds one more than `most` where there are more; `next` is what `after` takes."""
    more = last(found[most - 1]) if len(found) > most else None
    return told(data, pagination={"next": more})
