"""The community itself: its name, and which servers and channels belong to it.

A server or channel founds a community of its own. It joins another by a word that somebody there
was given, and leaves to what it had before (docs/decisions/0011).
"""

from __future__ import annotations

from collections import Counter
from functools import partial

from functions.router.destinations.builtin import BuiltinTools
from waddlebot.domain import sayings
from waddlebot.domain.entities import CommunityId, home_of, platform_of
from waddlebot.domain.errors import Refusal
from waddlebot.domain.own_words import COMMUNITY_NAME
from waddlebot.platforms import find_abilities
from waddlebot.stores.communities import Communities
from waddlebot.stores.invites import LIFE, Invites
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Module, NotUnderstood, Role, command


@command(
    "community info",
    "Say which community this is, and where it is at home.",
    also=("community",),
    example="community info",
)
def info(_call: Call, tools: BuiltinTools) -> Answer:
    with tools.postgres.writer() as connection:
        homes = Communities(Edit(connection)).homes(tools.session.community.id)
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
def name_(call: Call, tools: BuiltinTools) -> Answer:
    tools.check_everywhere(Role.OWNER, "That")
    name = " ".join(call.arguments["name"].split())
    if not COMMUNITY_NAME.fullmatch(name):
        raise NotUnderstood("A name is 3 to 60 letters, digits, spaces and signs such as - or &.")
    return tools.change(call, partial(_rename, tools, name))


@command(
    "community invite",
    "Get a word that brings another server or channel into this community.",
    example="community invite",
    role=Role.ADMIN,
    private=True,
)
def invite(call: Call, tools: BuiltinTools) -> Answer:
    role = tools.check_everywhere(Role.ADMIN, "That")
    return tools.change_in_secret(call, partial(_invite, tools, role))


@command(
    "community join <word>",
    "Bring this server or channel into the community that gave you the word.",
    example="community join 7F3KQ9TZ",
    role=Role.OWNER,
    secret=True,
    per_minute=5,
)
def join(call: Call, tools: BuiltinTools) -> Answer:
    return tools.change(call, partial(_join, tools, call.arguments["word"]))


@command(
    "community leave",
    "Take this server or channel out of the community that it joined.",
    example="community leave",
    role=Role.OWNER,
)
def leave(call: Call, tools: BuiltinTools) -> Answer:
    return tools.change(call, partial(_leave, tools))


def _rename(tools: BuiltinTools, name: str, edit: Edit) -> str:
    if not Communities(edit).rename(tools.session.community.id, name):
        raise Refusal(f"There is a community called {name} already.")
    return f"This community is called {name} now."


def _invite(tools: BuiltinTools, role: Role, edit: Edit) -> str:
    """Whoever invites stays what they are: a second home has owners of its own."""
    community, user = tools.session.community.id, tools.session.event.user
    if user is not None:
        Communities(edit).set_member_role(
            community, platform_of(tools.session.spot.entity), user.id, role, name=user.name
        )
    code = Invites(edit).make(community)
    minutes = int(LIFE.total_seconds() // 60)
    return (
        f"The owner of the other server or channel types !community join {code} there, within "
        f"{minutes} minutes. It works once."
    )


def _join(tools: BuiltinTools, word: str, edit: Edit) -> str:
    found = Invites(edit).use(word)
    if found is None:
        raise Refusal("That word is not known, or too old. Ask for another: !community invite")
    session = tools.session
    if found.community == session.community.id:
        raise Refusal("This server or channel belongs to that community already.")
    Communities(edit).move_home(home_of(session.spot.entity), found.community)
    name = _called(Communities(edit).name_of(found.community))
    return (
        f"Welcome to {name}. Its rules, quotes and roles hold here now; what was kept here comes "
        "back with !community leave."
    )


def _leave(tools: BuiltinTools, edit: Edit) -> str:
    session, communities = tools.session, Communities(edit)
    home = home_of(session.spot.entity)
    if session.community.home == home:
        raise Refusal("This community was founded here: the others can leave it, this one cannot.")
    own: CommunityId = communities.founded_for(home)
    communities.move_home(home, own)
    return "This server or channel is on its own again, with what it had before."


def _called(name: str) -> str:
    """One that nobody named is called by its home."""
    return "a community without a name" if ":" in name else name


def _platform_name(platform: str) -> str:
    return find_abilities(platform).name or platform


MODULE: Module[BuiltinTools] = Module(
    name="community",
    summary="Which community this is, and what belongs to it.",
    commands=(info, name_, invite, join, leave),
)
