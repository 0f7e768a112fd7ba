"""Who asks with a key of their own speaks as themselves, where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from functions.router.api_events import Asked, no_place
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId, platform_of
from waddlebot.domain.errors import Rejected
from waddlebot.domain.events import Caller, Speaker
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.memberships import Whose, memberships_of
from waddlebot.stores.places import communities_at
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MOST_COMMUNITIES = 1_000


def as_person(
    postgres: Postgres, person: Identity, asked: Sequence[Asked | Rejected]
) -> list[Asked | Rejected]:
    """Each with their account of its place's platform; a Rejected (404) where they are not there.

    Raises Unavailable.
    """
    events = [one.event for one in asked if isinstance(one, Asked)]
    accounts, open_to_them = _accounts(postgres, person), _places(postgres, person, asked)
    speakers = {
        event.entity: _speaker(accounts[platform_of(event.entity)], event.entity)
        for event in events
        if event.entity in open_to_them and platform_of(event.entity) in accounts
    }
    return [
        one if isinstance(one, Rejected) else _spoken(one, speakers.get(one.event.entity))
        for one in asked
    ]


def _spoken(asked: Asked, speaker: Speaker | None) -> Asked | Rejected:
    if speaker is None:
        return no_place()
    event = msgspec.structs.replace(asked.event, user=speaker, way_back=Caller(own_key=True))
    return replace(asked, event=event)


def _accounts(postgres: Postgres, person: Identity) -> Mapping[str, Identity]:
    with postgres.writer() as connection:
        return {one.platform: one for one in Identities(Edit(connection)).of(person)}


def _places(
    postgres: Postgres, person: Identity, asked: Sequence[Asked | Rejected]
) -> Mapping[EntityId, CommunityId]:
    names = {one.event.entity for one in asked if isinstance(one, Asked)}
    whose = Whose(Account(person.platform, person.user_id))
    theirs = {one.community for one in memberships_of(postgres, whose, most=MOST_COMMUNITIES)}
    found = communities_at(postgres, sorted(names))
    return {place: community for place, community in found.items() if community in theirs}


def _speaker(account: Identity, place: EntityId) -> Speaker:
    """A channel of Twitch has its owner's id; all else that they are was given here."""
    is_broadcaster = place == f"twitch:channel:{account.user_id}"
    role = Role.OWNER if is_broadcaster else Role.USER
    return Speaker(id=account.user_id, name=account.name, login=account.login, role=role)
