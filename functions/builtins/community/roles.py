"""Who may what here: roles that the community gives, beside what the platform gives anyway."""

from __future__ import annotations

from functions.builtins.naming import find_person, shown_places
from functions.builtins.offering import ROLES
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Deciding
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.roles.deeds import Gift, give_role
from waddlebot.domain import sayings
from waddlebot.domain.accounts import Account
from waddlebot.platforms import find_abilities
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores.members import Member, Members
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

NONE = "none"
HERE = "here"
_ROLES = {role.value: role for role in Role} | {NONE: Role.USER}


@command(
    "roles list [page]",
    "List who has a role here.",
    also=("roles", "community members"),
    example="roles list",
    role=Role.MODERATOR,
)
def list_(call: Call, tools: Deciding) -> Answer:
    members = Members(tools.postgres).with_roles(tools.session.community.id)
    if not members:
        how = say_command("roles give @ana moderator")
        return Chat(f"Nobody was given a role here. Give one: {how}")
    names = shown_places((one.entity for one in members), tools)
    described = [_described(one, names) for one in members]
    return Chat(say_page(described, call, again=say_command("roles list")))


@command(
    "roles give <person> <role> [where]",
    "Give somebody a role in the community, or here alone: moderator, admin, owner, or none.",
    example="roles give @ana moderator",
    role=Role.ADMIN,
    completes={"role": (*ROLES, NONE), "where": (HERE,)},
)
def give(call: Call, tools: Deciding) -> Answer:
    role = _ROLES.get(call.arguments["role"].lower())
    if role is None:
        named = ", ".join(one.value for one in Role if one is not Role.USER)
        raise NotUnderstood(f"There are the roles {named}, and {NONE}.")
    where = call.arguments.get("where", "").lower()
    if where not in {"", HERE}:
        raise NotUnderstood(f"Say {HERE} for this channel alone, or nothing for all of them.")
    user, at = find_person(call, tools), tools.session.spot.entity if where else None
    name = Members(tools.postgres).name_of(
        tools.session.community.id, Account(call.entity.platform, user)
    )
    gift = Gift(platform=call.entity.platform, user=user, role=role, at=at, name=name)

    def decide(edit: Edit, asker: Asker) -> str:
        return _given(gift, give_role(edit, asker, gift), call.arguments["person"])

    return tools.decide(call, decide)


def _given(gift: Gift, had: Role, person: str) -> str:
    who, where = gift.name or person, "in this channel" if gift.at else "here"
    if gift.role is Role.USER:
        return f"{who} has no role {where} any more."
    before = NONE if had is Role.USER else had.value
    undo = say_command(f"roles give {person} {before}{f' {HERE}' if gift.at else ''}")
    return f"{who} is {sayings.a_role(gift.role)} {where} now. Undo: {undo}"


def _described(member: Member, names: ShownNames) -> str:
    where = find_abilities(member.platform).name or member.platform
    alone = f" in {names.place(member.entity)} only" if member.entity else ""
    return f"{member.name or member.user_id} ({where}): {member.role.value}{alone}"


MODULE = Builtin(
    tools=Deciding,
    name="roles",
    summary="Says who may what here.",
    commands=(list_, give),
)
