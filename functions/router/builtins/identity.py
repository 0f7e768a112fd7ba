"""One person on several platforms: asked for on one, agreed to on the other."""

from __future__ import annotations

from functools import partial

from functions.router.destinations.builtin import BuiltinTools
from waddlebot.domain import sayings
from waddlebot.domain.errors import Refusal
from waddlebot.platforms import find_abilities, platform_names
from waddlebot.stores.identities import LIFE, Identities, Identity
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Module, NotUnderstood, command

YES = "yes"


@command(
    "identity link <platform> <name>",
    "Ask to be one person with your account on another platform.",
    example="identity link twitch alice",
    private=True,
    per_minute=5,
)
def link(call: Call, tools: BuiltinTools) -> Answer:
    platform = _platform(call.arguments["platform"])
    if platform == call.entity.platform:
        raise NotUnderstood(f"You are on {_shown(platform)} already: say another platform.")
    return tools.change(call, partial(_ask, call, platform))


@command(
    "verify <code> [yes]",
    "Agree to be one person with the account that asked.",
    example="verify 7F3KQ9 yes",
    private=True,
    per_minute=5,
)
def verify(call: Call, tools: BuiltinTools) -> Answer:
    is_sure = call.arguments.get("yes", "").lower() == YES
    return tools.change(call, partial(_verify, call, is_sure=is_sure))


@command(
    "identity unlink <platform>",
    "Be a person of your own again on that platform.",
    example="identity unlink twitch",
    private=True,
)
def unlink(call: Call, tools: BuiltinTools) -> Answer:
    platform = _platform(call.arguments["platform"])
    return tools.change(call, partial(_unlink, call, platform))


@command(
    "whoami",
    "Say who you are here, and on which platforms.",
    also=("identity status", "identity"),
    example="whoami",
    private=True,
)
def whoami(call: Call, tools: BuiltinTools) -> Answer:
    me, person = _asking(call), tools.session.person
    with tools.postgres.writer() as connection:
        linked = Identities(Edit(connection)).of(me)
    others = [_named(one) for one in linked if one.key != me.key]
    known = f", and {' and '.join(others)}" if others else ""
    role = sayings.a_role(person.role if person else None)
    labels = (
        f" with the labels {', '.join(sorted(person.labels))}" if person and person.labels else ""
    )
    more = "" if others else " Link another account: !identity link twitch NAME"
    return Chat(f"You are {_named(me)}{known}: {role} here{labels}.{more}")


def _ask(call: Call, platform: str, edit: Edit) -> str:
    name = call.arguments["name"]
    code = Identities(edit).ask(_asking(call), platform, name)
    minutes = int(LIFE.total_seconds() // 60)
    return (
        f"On {_shown(platform)}, as {name}, type !verify {code} where I am, within {minutes} "
        "minutes. Show the code to nobody: whoever agrees to it shares your roles and points."
    )


def _verify(call: Call, edit: Edit, *, is_sure: bool) -> str:
    me, identities, code = _asking(call), Identities(edit), call.arguments["code"]
    asked = identities.find(code, me)
    if asked is None:  # said, not raised: the attempt counts
        return "That code is not for you, or too old. Ask for one there: !identity link"
    if not (is_sure and asked.was_shown):
        return (
            f"{_named(asked.by)} wants to be one person with you: you would share roles and "
            f"points. If that is you, type !verify {code} {YES}. If not, do nothing."
        )
    linked = " and ".join(map(_named, identities.link(asked.by, me)))
    platform = asked.by.platform
    return f"You are one person now: {linked}. Undo: !identity unlink {platform}"


def _unlink(call: Call, platform: str, edit: Edit) -> str:
    gone = Identities(edit).unlink(_asking(call), platform)
    return f"{_named(gone)} is a person of its own again, with the points and roles it had."


def _asking(call: Call) -> Identity:
    if call.user is None:
        raise Refusal("Only people have accounts.")
    return Identity(platform=call.entity.platform, user_id=call.user.id, name=call.user.name)


def _platform(typed: str) -> str:
    if typed.lower() not in platform_names():
        raise NotUnderstood(f"There are the platforms {', '.join(sorted(platform_names()))}.")
    return typed.lower()


def _shown(platform: str) -> str:
    return find_abilities(platform).name or platform


def _named(one: Identity) -> str:
    return f"{one.name} on {_shown(one.platform)}"


MODULE: Module[BuiltinTools] = Module(
    name="identity",
    summary="One person on several platforms.",
    commands=(link, verify, unlink, whoami),
)
