"""Who wants something of a community."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.domain import sayings
from waddlebot.domain.entities import CommunityId, EntityId, platform_of
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.sessions import Helper, Session
from waddlebot.stores.places import find_place_of
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

PRIVATE = "Private talk is no place of a community: type that in the channel that is meant."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A person in chat, or a key of the API: what is asked for is all that differs.

    `by` names them in the audit log, as `platform:id` or `api:account`.
    `role` is what they are in the place where they ask (`entity`; a key asks from nowhere),
    `everywhere` what they are in the whole community. `helpers` are people who may be named.
    Private talk (`private`) is a place of nobody's: from there they ask as from nowhere.
    """

    by: str
    community: CommunityId
    role: Role
    everywhere: Role
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
            entity=None if is_private else entity,
            helpers=session.community.helpers,
            private=entity if is_private else None,
        )

    @classmethod
    def with_key(cls, account: str, community: CommunityId, role: Role) -> Asker:
        return cls(by=f"api:{account}", community=community, role=role, everywhere=role)

    @classmethod
    def of_the_house(cls, by: str, community: CommunityId) -> Asker:
        """An operator, who may do everything in every community."""
        return cls(by=by, community=community, role=Role.OWNER, everywhere=Role.OWNER)

    def check(self, needed: Role) -> Role:
        """What they are where they ask. Raises Refusal: less than `needed`."""
        if not self.role.covers(needed):
            raise self._may_not(f"That is for {sayings.who_may(needed)}", needed)
        return self.role

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
        if place is not None and self.entity in (None, place):
            return self.check(needed)
        return self.check_everywhere(needed, deed)

    def check_place(self, place: EntityId) -> None:
        """Raises Refusal: it is where they and the bot talk privately."""
        if place == self.private:
            raise Refusal(PRIVATE, Because.WRONG, code="PRIVATE_TALK", field="place")

    def _may_not(self, why: str, needed: Role) -> Refusal:
        platform = self.by.partition(":")[0]
        whom = sayings.whom_to_ask(self.helpers, platform, needed)
        return Refusal(f"{why}: ask {whom}.", Because.MAY_NOT)


def channel_of(session: Session) -> EntityId:
    """Where something is done to people or said to all. Raises Refusal: they talk privately."""
    if session.event.private:
        raise Refusal(PRIVATE, Because.WRONG, code="PRIVATE_TALK")
    return session.here


def find_place(edit: Edit, asker: Asker, name: EntityId) -> EntityId:
    """By its id, also where a login names it. Raises Refusal: it is not this community's."""
    asker.check_place(name)
    found = find_place_of(edit.connection, asker.community, name)
    if found is None:
        words = f"{name[:80]} is no place of this community."
        raise Refusal(words, Because.WRONG, code="UNKNOWN_PLACE", field="place")
    return found
