"""Who may what here: roles that the community gives, beside what the platform gives anyway."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from functions.router.builtins.people import find_person
from functions.router.destinations.builtin import BuiltinTools
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.domain.rights import may_give
from waddlebot.platforms import find_abilities
from waddlebot.stores.communities import Communities
from waddlebot.stores.members import Member, Members
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Module, NotUnderstood, Role, command

MOST_LISTED = 20
NONE = "none"
HERE = "here"
_ROLES = {role.value: role for role in Role} | {NONE: Role.USER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Role.USER takes back what was given; `at` is the one place where it holds."""

    user: str
    role: Role
    at: EntityId | None


@command(
    "roles list",
    "List who has a role here.",
    also=("roles", "community members"),
    example="roles list",
    role=Role.MODERATOR,
)
def list_(_call: Call, tools: BuiltinTools) -> Answer:
    members = Members(tools.postgres).with_roles(tools.session.community.id)
    if not members:
        return Chat("Nobody was given a role here. Give one: !roles give @ana moderator")
    listed = "; ".join(map(_described, members[:MOST_LISTED]))
    left = len(members) - MOST_LISTED
    return Chat(f"{listed}{f'; and {left} more' if left > 0 else ''}.")


@command(
    "roles give <person> <role> [where]",
    "Give somebody a role in the community, or here alone: moderator, admin, owner, or none.",
    example="roles give @ana moderator",
    role=Role.ADMIN,
)
def give(call: Call, tools: BuiltinTools) -> Answer:
    role = _ROLES.get(call.arguments["role"].lower())
    if role is None:
        named = ", ".join(one.value for one in Role if one is not Role.USER)
        raise NotUnderstood(f"There are the roles {named}, and {NONE}.")
    where = call.arguments.get("where", "").lower()
    if where not in {"", HERE}:
        raise NotUnderstood(f"Say {HERE} for this channel alone, or nothing for all of them.")
    user = find_person(call, tools)
    gift = Gift(user=user, role=role, at=tools.session.spot.entity if where else None)
    return tools.change(call, partial(_give, call, tools, gift))


def _give(call: Call, tools: BuiltinTools, gift: Gift, edit: Edit) -> str:
    user, role, at = gift.user, gift.role, gift.at
    giver, community = call.user, tools.session.community.id
    communities, platform = Communities(edit), call.entity.platform
    has = communities.member_role(community, platform, user, at=at)
    if giver is None:
        raise Refusal("Only people give roles.")
    own = giver.role if at else tools.check_everywhere(Role.ADMIN, "That")
    if not may_give(own, has) or not may_give(own, role):
        higher = sayings.who_may(max(has, role, key=lambda one: one.rank))
        raise Refusal(f"That takes more than you have here: ask one of the {higher}.")
    if user == giver.id and not role.covers(own):
        raise Refusal("Nobody gives up a role of their own by mistake: ask somebody else to.")
    name = Members(tools.postgres).name_of(community, platform, user)
    communities.set_member_role(community, platform, user, role, at=at, name=name)
    who = name or call.arguments["person"]
    where = "in this channel" if at else "here"
    if role is Role.USER:
        return f"{who} has no role {where} any more."
    before = NONE if has is Role.USER else has.value
    undo = f"!roles give {call.arguments['person']} {before}{f' {HERE}' if at else ''}"
    return f"{who} is {sayings.a_role(role)} {where} now. Undo: {undo}"


def _described(member: Member) -> str:
    where = find_abilities(member.platform).name or member.platform
    alone = f" in {member.entity} only" if member.entity else ""
    return f"{member.name or member.user_id} ({where}): {member.role.value}{alone}"


MODULE: Module[BuiltinTools] = Module(
    name="roles",
    summary="Says who may what here.",
    commands=(list_, give),
)
