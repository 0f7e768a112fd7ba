"""Who may what in a community: roles that it gives, beside what platforms give anyway."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.domain import sayings
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.rights import may_give
from waddlebot.platforms import platform_names
from waddlebot.stores.invites import Invites
from waddlebot.stores.members import MemberRoles
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MOST_ID_CHARACTERS = 64
MOST_NAME_CHARACTERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Role.USER takes back what was given; `at` is the one place where it holds.

    `user` is the platform's own id, `name` how people know them.
    """

    platform: str
    user: str
    role: Role
    at: EntityId | None = None
    name: str = ""


def give_role(edit: Edit, asker: Asker, gift: Gift) -> Role:
    """What they had. Nobody gives more than they have, nor takes it from those who have more."""
    own = asker.check_at(gift.at, Role.ADMIN)
    _check_person(gift)
    at = None if gift.at is None else find_place(edit, asker, gift.at)
    edit.hold(asker.community)
    has = MemberRoles(edit).given(asker.community, Account(gift.platform, gift.user), at=at)
    if not may_give(own, has) or not may_give(own, gift.role):
        higher = sayings.who_may(max(has, gift.role, key=lambda one: one.rank))
        words = f"That takes more than you have here: ask one of the {higher}."
        raise Refusal(words, Because.MAY_NOT)
    if asker.by == f"{gift.platform}:{gift.user}" and not gift.role.covers(own):
        words = "Nobody gives up a role of their own by mistake: ask somebody else to."
        raise Refusal(words, code="OWN_ROLE")
    if gift.at is None and not gift.role.covers(Role.ADMIN):
        Invites(edit).end_of(asker.community, by=f"{gift.platform}:{gift.user}")
    MemberRoles(edit).give(
        asker.community,
        Account(gift.platform, gift.user),
        gift.role,
        at=at,
        name=gift.name[:MOST_NAME_CHARACTERS],
    )
    return has


def _check_person(gift: Gift) -> None:
    if gift.platform not in platform_names():
        words = f"There are the platforms {', '.join(sorted(platform_names()))}."
        raise Refusal(words, Because.WRONG, field="platform")
    if not 1 <= len(gift.user) <= MOST_ID_CHARACTERS or not gift.user.isprintable():
        words = f"A person is the platform's own id, {MOST_ID_CHARACTERS} characters at most."
        raise Refusal(words, Because.WRONG, field="user_id")
