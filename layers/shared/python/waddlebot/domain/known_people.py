"""What a platform says of its accounts when it is asked, where its events carry ids alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import msgspec

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, home_of, parse_entity
from waddlebot.domain.sessions import Person, Session
from waddlebot_sdk.roles import Role, highest

VERSION = 1
"""Of what the functions that ask are sent: those of an older release take none that is newer."""


def account_in(server: str, account: Account) -> Account:
    """Under which it is known what somebody is in this server, and in no other.

    Two servers may tell of the same account otherwise: of who visits through a shared channel the
    one knows the role, and the other none.
    """
    return Account(account.platform, f"{server}/{account.user_id}") if server else account


Group = tuple[str, str, str]
"""A platform, a server there, and a user group of it by id or `@handle`."""


class KnownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """`role` is what this person is in `home` (as `home_of` names it) and nowhere else.

    `name` is empty where the platform knows nobody of this id. `is_member`: they are in `home` now.
    """

    name: str = ""
    home: str = ""
    role: Role = Role.USER
    is_member: bool = False

    def role_at(self, place: EntityId) -> Role:
        """Who visits from another workspace is a user here, whatever they are at home."""
        return self.role if home_of(place) == self.home else Role.USER


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`names` last longer than the roles of `people`; of `channels` an empty name is none.

    `groups` says who is in them.
    """

    people: Mapping[Account, KnownPerson] = field(default_factory=dict)
    names: Mapping[Account, str] = field(default_factory=dict)
    channels: Mapping[Account, str] = field(default_factory=dict)
    groups: Mapping[Group, frozenset[str]] = field(default_factory=dict)

    def name_of(self, account: Account) -> str:
        person = self.people.get(account)
        return (person.name if person else "") or self.names.get(account, "")

    def with_more(self, other: Known) -> Known:
        return Known(
            people={**self.people, **other.people},
            names={**self.names, **other.names},
            channels={**self.channels, **other.channels},
            groups={**self.groups, **other.groups},
        )


NOTHING_KNOWN = Known()


def server_at(place: EntityId) -> str:
    """Where a platform has any, whose leave people there are asked about with."""
    return parse_entity(place).server or ""


def introduced(session: Session, account: Account, known: Known) -> Session:
    """The session with its person as far as this one is known: by name, and with the role.

    The role comes to what the community gave; what the platform says counts in its own home. In
    private talk it is nothing elsewhere.
    """
    person, user = session.person, session.event.user
    if person is None or user is None:
        return session
    place = session.spot.entity
    found, role = known.people.get(account_in(server_at(session.event.entity), account)), Role.USER
    name = (found.name if found else "") or known.name_of(account) or person.name
    if found is not None:
        role = found.role_at(place)
    is_home = session.community.home == home_of(place)
    here = role if is_home or not session.event.private else Role.USER
    speaker = msgspec.structs.replace(user, name=name, role=highest(user.role, role))
    return replace(
        session,
        event=msgspec.structs.replace(session.event, user=speaker),
        person=Person(
            id=person.id,
            name=name,
            role=highest(person.role, here),
            everywhere=highest(person.everywhere, role if is_home else Role.USER),
            labels=person.labels,
            is_known=found is not None,
        ),
    )


def group_of(session: Session, platform: str) -> Group | None:
    """The one whose members moderate there, where it matters for this person."""
    name, person = session.community.moderator_group, session.person
    server = parse_entity(session.spot.entity).server
    if not name or not server or person is None or person.role.covers(Role.MODERATOR):
        return None
    return platform, server, name


def grouped(session: Session, group: Group, known: Known) -> Session:
    """With what being in the group gives; who may be in it or not is not known."""
    person, user, members = session.person, session.event.user, known.groups.get(group)
    if person is None or user is None:
        return session
    if members is None:
        return replace(session, person=replace(person, is_known=False))
    if person.id not in members:
        return session
    role = Role.MODERATOR
    is_home = session.community.home == home_of(session.spot.entity)
    speaker = msgspec.structs.replace(user, role=highest(user.role, role))
    return replace(
        session,
        event=msgspec.structs.replace(session.event, user=speaker),
        person=replace(
            person,
            role=highest(person.role, role),
            everywhere=highest(person.everywhere, role if is_home else Role.USER),
        ),
    )
