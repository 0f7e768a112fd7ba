"""Which servers and channels belong to a community.

No part of it: they move between communities, and no text says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from waddlebot.decisions.asking import Asker
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, home_of
from waddlebot.domain.errors import Because, Refusal
from waddlebot.platforms import platform_names
from waddlebot.stores.community_names import CommunityNames
from waddlebot.stores.invites import Invite, Invites
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role, highest


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The community by its `name`; `stays` is what was given to `by`, who invited, for that."""

    name: str
    by: str
    stays: Role | None


def invite_home(edit: Edit, asker: Asker, *, name: str = "") -> str:
    """The word that brings another server or channel here, once.

    `name` is how people know whoever invites.
    """
    role = asker.check_everywhere(Role.ADMIN)
    is_given = MemberRoles(edit).held(asker.community, Account.read(asker.by)).covers(role)
    return Invites(edit).make(
        Invite(
            community=asker.community,
            by=asker.by,
            name=name,
            role=Role.USER if is_given else role,
        )
    )


def find_inviter(edit: Edit, *, word: str) -> tuple[Account, str] | None:
    """Who may invite because a platform made them somebody, and the home in which it did.

    The platform may have taken that back since: it is asked before `join_home`.
    """
    found = Invites(edit).find(word)
    if found is None or not found.role.covers(Role.ADMIN):
        return None
    home = Places(edit).home_of(found.community)
    return (Account.read(found.by), home) if home else None


def join_home(
    edit: Edit, asker: Asker, place: EntityId, *, word: str, is_now: Role = Role.OWNER
) -> Joined:
    """The server or channel of this place belongs to whoever gave the word.

    `is_now` is the most that their platform makes of them now, where it was asked.

    Whoever invited stays what they are: a second home has owners of its own.
    """
    asker.check_place(place)
    asker.check_home(Role.OWNER)
    found = Invites(edit).use(word)
    if found is not None and not is_now.covers(found.role):
        found = replace(found, role=is_now)
    if found is None:
        invite = say_command("community invite")
        words = f"That word is not known, or too old. Ask for another: {invite}"
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_INVITE")
    if found.community == asker.community:
        words = "This server or channel belongs to that community already."
        raise Refusal(words, code="ALREADY_THERE")
    given = MemberRoles(edit).held(found.community, Account.read(found.by))
    role = highest(found.role, given)
    if not role.covers(Role.ADMIN):
        words = (
            "Whoever gave you that word may invite nobody any more. Ask one of the admins there."
        )
        raise Refusal(words, Because.MAY_NOT, code="MAY_NOT_INVITE")
    Places(edit).move_home(home_of(place), found.community)
    stays = None if given.covers(role) else _stays(edit, found)
    return Joined(name=CommunityNames(edit).name_of(found.community), by=found.name, stays=stays)


def _stays(edit: Edit, invite: Invite) -> Role | None:
    """What the platform made of them is given to them; None: it was nobody of a platform."""
    account = Account.read(invite.by)
    if account.platform not in platform_names():
        return None
    MemberRoles(edit).give(invite.community, account, invite.role, name=invite.name)
    return invite.role


def leave_home(edit: Edit, asker: Asker, place: EntityId) -> None:
    """The server or channel of this place is on its own again, with what it had before."""
    check_leaving(edit, asker, place)
    home, places = home_of(place), Places(edit)
    places.move_home(home, places.founded_for(home))


def check_leaving(edit: Edit, asker: Asker, place: EntityId) -> str:
    """The name of the community that would be left. Raises Refusal: it cannot be."""
    asker.check_place(place)
    asker.check_home(Role.OWNER)
    if Places(edit).home_of(asker.community) == home_of(place):
        words = "This community was founded here: the others can leave it, this one cannot."
        raise Refusal(words, code="FOUNDED_HERE")
    return CommunityNames(edit).name_of(asker.community)
