"""Which servers and channels belong to a community.

No part of it: they move between communities, and no text says so.
"""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, home_of
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.community_names import CommunityNames
from waddlebot.stores.invites import Invites
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.places import Places
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role


def invite_home(edit: Edit, asker: Asker, *, name: str = "") -> str:
    """The word that brings another server or channel here, once.

    Whoever invites (`name` is how people know them) stays what they are: a second home has owners
    of its own.
    """
    role = asker.check_everywhere(Role.ADMIN)
    platform, _, user = asker.by.partition(":")
    if user and (asker.entity is not None or asker.private is not None):
        MemberRoles(edit).give(asker.community, Account(platform, user), role, name=name)
    return Invites(edit).make(asker.community)


def join_home(edit: Edit, asker: Asker, place: EntityId, *, word: str) -> str:
    """The name of the community to which the server or channel of this place belongs now."""
    asker.check_place(place)
    asker.check_home(Role.OWNER)
    found = Invites(edit).use(word)
    if found is None:
        invite = say_command("community invite")
        words = f"That word is not known, or too old. Ask for another: {invite}"
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_INVITE")
    if found.community == asker.community:
        words = "This server or channel belongs to that community already."
        raise Refusal(words, code="ALREADY_THERE")
    Places(edit).move_home(home_of(place), found.community)
    return CommunityNames(edit).name_of(found.community)


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
