"""Who wants something of a community."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.domain import sayings
from waddlebot.domain.entities import CommunityId, EntityId, home_of, platform_of
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.sessions import Helper, Session
from waddlebot.stores.places import find_place_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role, highest

PRIVATE = "Private talk is no place of a community: type that in the channel that is meant."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A person in chat, or a key of the API: what is asked for is all that differs.

    `by` names them in the audit log, as `platform:id` or `api:account`.
    `role` is what they are in the place where they ask (`entity`; a key asks from nowhere),
    `at_home` what they are in all of the server or channel that it lies in, and `everywhere` what
    they are in the whole community. `helpers` are people who may be named.
    Private talk (`private`) is a place of nobody's: from there they ask as from nowhere.
    """

    by: str
    community: CommunityId
    role: Role
    everywhere: Role
    at_home: Role
    entity: EntityId | None = None
    helpers: tuple[Helper, ...] = ()
    private: EntityId | None = None

    @classmethod
    def in_chat(cls, session: Session) -> Asker:
        person, entity, is_private = session.person, session.spot.entity, session.event.private
        return cls(
            by=f"{platform_of(entity)}:{person.id if person else ''}",
            community=session.community.id,
            role=person.role if person else Role.USER,
            everywhere=person.everywhere if person else Role.USER,
            at_home=_at_home(session),
            entity=None if is_private else entity,
            helpers=session.community.helpers,
            private=entity if is_private else None,
        )

    @classmethod
    def with_key(cls, account: str, community: CommunityId, role: Role) -> Asker:
        return cls.over_the_api(f"api:{account}", community, role)

    @classmethod
    def over_the_api(cls, by: str, community: CommunityId, role: Role) -> Asker:
        """From nowhere, as a person who asks with a key of theirs."""
        return cls(by=by, community=community, role=role, everywhere=role, at_home=role)

    @classmethod
    def of_the_house(cls, by: str, community: CommunityId) -> Asker:
        """An operator, who may do everything in every community."""
        owner = Role.OWNER
        return cls(by=by, community=community, role=owner, everywhere=owner, at_home=owner)

    def check_home(self, needed: Role) -> Role:
        """What they are in the server or channel where they ask, all of it.

        Raises:
            Refusal: less than `needed`: being somebody in one channel of a server is not enough.
        """
        if not self.at_home.covers(needed):
            raise self._may_not(f"That is for {sayings.who_may(needed)}", needed)
        return self.at_home

    def check_everywhere(self, needed: Role, deed: str = "That") -> Role:
        """What they are in the whole community.

        Raises:
            Refusal: less than `needed`: being somebody in one of its places is not enough.
        """
        if not self.everywhere.covers(needed):
            whose = sayings.who_may(needed)
            raise self._may_not(
                f"{deed} concerns the whole community, which is up to its {whose}", needed
            )
        return self.everywhere

    def check_at(self, place: EntityId | None, needed: Role, deed: str = "That") -> Role:
        """What they are in this place; None is all places. Raises Refusal."""
        if place is None or self.entity != place:
            return self.check_everywhere(needed, deed)
        if not self.role.covers(needed):
            raise self._may_not(f"That is for {sayings.who_may(needed)}", needed)
        return self.role

    def only_at(self, needed: Role) -> EntityId | None:
        """The one place where they may decide; None: in all of the community.

        Raises:
            Refusal: in none.
        """
        if self.everywhere.covers(needed):
            return None
        self.check_at(self.entity, needed)
        return self.entity

    def check_place(self, place: EntityId) -> None:
        """Raises Refusal: it is where they and the bot talk privately."""
        if place == self.private:
            raise Refusal(PRIVATE, Because.WRONG, code="PRIVATE_TALK", field="place")

    def _may_not(self, why: str, needed: Role) -> Refusal:
        platform = self.by.partition(":")[0]
        whom = sayings.whom_to_ask(self.helpers, platform, needed)
        return Refusal(f"{why}: ask {whom}.", Because.MAY_NOT)


def _at_home(session: Session) -> Role:
    """What the platform says holds in all of it, what was given here in this channel alone."""
    person, user, entity = session.person, session.event.user, session.spot.entity
    if person is None or user is None:
        return Role.USER
    return person.role if home_of(entity) == entity else highest(person.everywhere, user.role)


def channel_of(session: Session) -> EntityId:
    """Where something is done to people or said to all. Raises Refusal: they talk privately."""
    if session.event.private:
        raise Refusal(PRIVATE, Because.WRONG, code="PRIVATE_TALK")
    return session.here


def find_place(edit: Edit, asker: Asker, name: EntityId) -> EntityId:
    """By its id, also where a login names it. Raises Refusal: it is not this community's."""
    asker.check_place(name)
    if name == asker.entity:  # though another place may be called so by its login
        return name
    found = find_place_of(edit.connection, asker.community, name)
    if found is None:
        words = f"{name[:80]} is no place of this community."
        raise Refusal(words, Because.WRONG, code="UNKNOWN_PLACE", field="place")
    return found
