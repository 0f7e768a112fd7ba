"""One person on several platforms: asked for on one, agreed to on the other.

Where the code is typed by an account that was not asked for by its id or its own name, the asking
side is shown who that is, and has the last word: what an account is called is anybody's choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import cast

from functions.builtins.in_person import check_in_person
from functions.builtins.naming import ELSEWHERE
from functions.builtins.tools import Builtin, Changed, Deciding
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.domain.executions import Notice
from waddlebot.platforms import find_abilities, platform_names
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.identity_codes import LIFE, IdentityCodes, LinkWanted, Target
from waddlebot.stores.own_words import words_at
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, command, say_command

YES = "yes"
_NOT_WITH_A_KEY = "Who is one person is not said with a key: type it where I am, yourself."
_ASKED_AGAIN = " If an account of another name types it, I ask you first."


@command(
    "identity link <platform> <name>",
    "Ask to be one person with your account on another platform.",
    example="identity link twitch alice",
    private=True,
    per_minute=5,
)
def link(call: Call, tools: Deciding) -> Answer:
    check_in_person(tools.session, _NOT_WITH_A_KEY)
    platform = _platform(call.arguments["platform"])
    if platform == call.entity.platform:
        raise NotUnderstood(f"You are on {_shown(platform)} already: say another platform.")
    me = _asking(call, tools)
    return tools.change_in_secret(call, partial(_ask, call, me, platform))


@command(
    "verify <code> [yes]",
    "Agree to be one person with the account that asked.",
    example="verify 7F3KQ9 yes",
    private=True,
    secret=True,
    per_minute=5,
)
def verify(call: Call, tools: Deciding) -> Answer:
    check_in_person(tools.session, _NOT_WITH_A_KEY)
    me, is_sure = _asking(call, tools), call.arguments.get("yes", "").lower() == YES
    told = tools.change_and_tell(call, partial(_verify, call, me, is_sure=is_sure))
    # Notices are the router's own; the public contract knows responses alone.
    return cast(Answer, told)


@command(
    "identity yes [number]",
    "Say that the account that typed your code is yours.",
    example="identity yes 8912",
    private=True,
    per_minute=5,
)
def agree(call: Call, tools: Deciding) -> Answer:
    check_in_person(tools.session, _NOT_WITH_A_KEY)
    me, number = _asking(call, tools), call.arguments.get("number", "")
    return tools.change(call, partial(_agree, me, number))


@command(
    "identity no",
    "Say that the account that typed your code is not yours, or take your code back.",
    example="identity no",
    private=True,
)
def refuse(call: Call, tools: Deciding) -> Answer:
    return tools.change(call, partial(_refuse, _asking(call, tools)))


@command(
    "identity unlink <platform>",
    "Be a person of your own again on that platform.",
    example="identity unlink twitch",
    private=True,
)
def unlink(call: Call, tools: Deciding) -> Answer:
    platform = _platform(call.arguments["platform"])
    return tools.change(call, partial(_unlink, _asking(call, tools), platform))


@command(
    "whoami",
    "Say who you are here, and on which platforms.",
    also=("identity status", "identity"),
    example="whoami",
    private=True,
)
def whoami(call: Call, tools: Deciding) -> Answer:
    me, person = _asking(call, tools), tools.session.person
    with tools.postgres.writer() as connection:
        linked = Identities(Edit(connection)).of(me)
        waiting = IdentityCodes(Edit(connection)).waiting(me)
    others = [_named(one) for one in linked if one.key != me.key]
    known = f", and {' and '.join(others)}" if others else ""
    role = sayings.a_role(person.role if person else None)
    labels = (
        f" with the labels {', '.join(sorted(person.labels))}" if person and person.labels else ""
    )
    elsewhere = "discord" if me.platform == "twitch" else "twitch"
    how = say_command(f"identity link {elsewhere} NAME")
    more = "" if others else f" Link another account: {how}"
    asked = f" {_question(waiting)}" if waiting else ""
    return Chat(f"You are {_named(me)}{known}: {role} here{labels}.{asked or more}")


def _ask(call: Call, me: Identity, platform: str, edit: Edit) -> str:
    target = _target(platform, call.arguments["name"])
    code = IdentityCodes(edit).ask(me, target, at=EntityId(call.entity.id), call=call.execution_id)
    minutes = int(LIFE.total_seconds() // 60)
    whom = f"the account with the id {target.id}" if target.id else target.name
    line = say_command(f"verify {code}")
    return (
        f"On {_shown(platform)}, as {whom}, type {line} where I am, within {minutes} minutes. "
        f"{ELSEWHERE}{'' if target.id else _ASKED_AGAIN} Show the code to nobody: whoever agrees "
        "to it shares your roles and points."
    )


def _verify(call: Call, me: Identity, edit: Edit, *, is_sure: bool) -> Changed:
    codes, has_own_name = IdentityCodes(edit), find_abilities(me.platform).has_own_names
    asked = codes.find(call.arguments["code"], me, has_own_name=has_own_name)
    if asked is None:  # said, not raised: the attempt counts
        how = say_command("identity link")
        text = f"That code is not for you, or too old. Ask for one there: {how}"
        return Changed(text=text)
    if not (is_sure and asked.was_shown):
        again = say_command(f"verify CODE {YES}")
        text = (
            f"The {_described(asked.by)} wants to be one person with you: you would share roles "
            f"and points. If that is you, type it again with {YES} behind it: {again}. "
            "If not, do nothing."
        )
        return Changed(text=text)
    if asked.is_meant:
        return Changed(text=_link(asked.by, me, edit))
    codes.agree(asked)
    text = f"I ask {_named(asked.by)} whether that is so: there the last word is said."
    return Changed(text=text, notices=tuple(_notices(asked, edit)))


def _agree(me: Identity, number: str, edit: Edit) -> str:
    asked = IdentityCodes(edit).waiting(me)
    if asked is None:
        how = say_command("identity link")
        return f"Nobody has typed a code of yours. Ask for one: {how}"
    if number.lower() != asked.number.lower():
        return _question(asked)
    return _link(me, asked.typed, edit)


def _refuse(me: Identity, edit: Edit) -> str:
    if not IdentityCodes(edit).forget(me):
        return "You have asked for nothing, so nothing changes."
    return "Nothing was linked, and your code is good for nobody now."


def _link(asking: Identity, agreeing: Identity, edit: Edit) -> str:
    linked = " and ".join(map(_named, Identities(edit).link(asking, agreeing)))
    undo = say_command(f"identity unlink {asking.platform}")
    return f"You are one person now: {linked}. Undo: {undo}"


def _unlink(me: Identity, platform: str, edit: Edit) -> str:
    gone = Identities(edit).unlink(me, platform)
    return f"{_named(gone)} is a person of its own again, with the points and roles it had."


def _question(asked: LinkWanted) -> str:
    yes, no = say_command(f"identity {YES} {asked.number}"), say_command("identity no")
    return (
        f"The {_described(asked.typed)} typed your code and would share your roles and points. If "
        f"that is you, type {yes} here; if not, {no}"
    )


def _notices(asked: LinkWanted, edit: Edit) -> Iterator[Notice]:
    """There people may type otherwise than here."""
    if asked.place:
        yield Notice(
            entity=asked.place,
            text=words_at(edit.connection, asked.place).reword(_question(asked)),
            user=asked.by.user_id,
            user_name=asked.by.name,
        )


def _asking(call: Call, tools: Deciding) -> Identity:
    speaker = tools.session.event.user
    if call.user is None:
        raise Refusal("Only people have accounts.")
    return Identity(
        platform=call.entity.platform,
        user_id=call.user.id,
        name=call.user.name,
        login=speaker.login if speaker else "",
    )


def _target(platform: str, typed: str) -> Target:
    """What looks like an id is one: an account that is merely called so is asked about."""
    look = find_abilities(platform).account_id
    bare = typed.strip().removeprefix("@")
    if look is not None and look.fullmatch(bare):
        return Target(platform=platform, id=bare, name=bare)
    return Target(platform=platform, name=typed)


def _platform(typed: str) -> str:
    if typed.lower() not in platform_names():
        raise NotUnderstood(f"There are the platforms {', '.join(sorted(platform_names()))}.")
    return typed.lower()


def _shown(platform: str) -> str:
    return find_abilities(platform).name or platform


def _named(one: Identity) -> str:
    return f"{one.name} on {_shown(one.platform)}"


def _described(one: Identity) -> str:
    """What nobody else has comes first: the shown name is anybody's choice, and may read so too."""
    account = f"{_shown(one.platform)} account {one.login}".rstrip()
    shown = "".join(sign for sign in one.name if sign not in "“”")
    return f"{account} (id {one.user_id}, shown as “{shown}”)"


MODULE = Builtin(
    tools=Deciding,
    name="identity",
    summary="One person on several platforms.",
    commands=(link, verify, agree, refuse, unlink, whoami),
)
