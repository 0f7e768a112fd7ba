"""The community itself: its name, and which servers and channels belong to it.

A server or channel founds a community of its own. It joins another by a word that somebody there
was given, and leaves to what it had before (docs/decisions/0011).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from functions.builtins.naming import ELSEWHERE
from functions.builtins.tools import Builtin, Deciding, WithRoles
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.homes import (
    check_leaving,
    find_inviter,
    invite_home,
    join_home,
    leave_home,
)
from waddlebot.decisions.parts.name.deeds import name_community
from waddlebot.domain import sayings
from waddlebot.domain.errors import Unavailable
from waddlebot.platforms import find_abilities
from waddlebot.stores.invites import LIFE
from waddlebot.stores.places import Places
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command, say_command

REALLY = "really"
ROLES = say_command("roles list")
LEAVE = f"community leave {REALLY}"


@dataclass(frozen=True, kw_only=True)
class CommunityTools(Deciding, WithRoles):
    pass


@command(
    "community info",
    "Say which community this is, and where it is at home.",
    also=("community",),
    example="community info",
)
def info(_call: Call, tools: CommunityTools) -> Answer:
    with tools.postgres.writer() as connection:
        homes = Places(Edit(connection)).homes(tools.session.community.id)
    person = tools.session.person
    places = Counter(_platform_name(home.partition(":")[0]) for home in homes)
    where = ", ".join(f"{count} on {name}" for name, count in sorted(places.items()))
    role = sayings.a_role(person.everywhere if person else None)
    name = _called(tools.session.community.name)
    return Chat(f"This is {name}: servers and channels {where}. You are {role} in it.")


@command(
    "community name <name>",
    "Give the community a name.",
    also=("community create",),
    example="community name The Penguins",
    role=Role.OWNER,
)
def name_(call: Call, tools: CommunityTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        name = name_community(edit, asker, name=call.arguments["name"])
        return f"This community is called {name} now."

    return tools.decide(call, decide)


@command(
    "community invite",
    "Get a word that brings another server or channel into this community.",
    example="community invite",
    role=Role.ADMIN,
    private=True,
)
def invite(call: Call, tools: CommunityTools) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        word = invite_home(edit, asker, name=call.user.name if call.user else "")
        minutes, line = int(LIFE.total_seconds() // 60), say_command(f"community join {word}")
        return (
            f"The owner of the other server or channel types {line} there, within {minutes} "
            f"minutes. It works once. {ELSEWHERE} Once they have joined, what you are here is a "
            f"role of yours in all of the community; {ROLES} shows it."
        )

    return tools.decide_in_secret(call, decide)


@command(
    "community join <word>",
    "Bring this server or channel into the community that gave you the word.",
    example="community join 7F3KQ9TZ",
    role=Role.OWNER,
    secret=True,
    per_minute=5,
)
def join(call: Call, tools: CommunityTools) -> Answer:
    word = call.arguments["word"]
    is_now = _inviter_is(word, tools)

    def decide(edit: Edit, asker: Asker) -> str:
        place = tools.session.spot.entity
        joined = join_home(edit, asker, place, word=word, is_now=is_now)
        who, stays = joined.by or "Whoever invited you", joined.stays
        kept = f" {who} is {sayings.a_role(stays)} in all of it from now on." if stays else ""
        return (
            f"Welcome to {_called(joined.name)}. Its rules, quotes and roles hold here now; what "
            f"was kept here comes back with {say_command('community leave')}.{kept}"
        )

    return tools.decide(call, decide)


@command(
    "community leave [really]",
    "Take this server or channel out of the community that it joined.",
    example="community leave really",
    role=Role.OWNER,
)
def leave(call: Call, tools: CommunityTools) -> Answer:
    is_meant = call.arguments.get(REALLY, "").lower() == REALLY

    def decide(edit: Edit, asker: Asker) -> str:
        place = tools.session.spot.entity
        if not is_meant:
            name, how = _called(check_leaving(edit, asker, place)), say_command(LEAVE)
            return (
                f"The rules, quotes, roles and settings of {name} hold here no more then, and what "
                f"this server or channel had before comes back. If that is meant: {how}"
            )
        leave_home(edit, asker, place)
        return "This server or channel is on its own again, with what it had before."

    return tools.decide(call, decide)


def _inviter_is(word: str, tools: CommunityTools) -> Role:
    """At most, as their platform says now: asked before the deed, which waits for nobody."""
    with tools.postgres.writer() as connection:
        found = find_inviter(Edit(connection), word=word)
    if found is None:
        return Role.OWNER
    account, home = found
    try:
        role = tools.role_in(account, home)
    except Unavailable as away:
        said = f"{away.what} does not say just now whether whoever invited you still may."
        raise NotUnderstood(f"{said} Try again in a minute.") from away
    return Role.OWNER if role is None else role


def _called(name: str) -> str:
    """One that nobody named is called by its home."""
    return "a community without a name" if ":" in name else name


def _platform_name(platform: str) -> str:
    return find_abilities(platform).name or platform


MODULE = Builtin(
    tools=CommunityTools,
    name="community",
    summary="Which community this is, and what belongs to it.",
    commands=(info, name_, invite, join, leave),
)
