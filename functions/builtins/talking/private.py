"""Private talk: in which of a person's communities their lines act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.builtins.tools import Builtin, WithStores
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import parse_entity
from waddlebot.domain.errors import Refusal
from waddlebot.domain.triggers import NO_COMMUNITY, WHICH_COMMUNITY
from waddlebot.platforms import find_abilities
from waddlebot.stores.memberships import Membership, Whose, memberships_of
from waddlebot.stores.private_choices import PrivateChoices
from waddlebot_sdk import Answer, Call, Chat, command, on, say_command

MOST_OFFERED = 9
HOW_LONG = "for an hour"
USE = say_command("community use")
NONE_KNOWN = (
    "I know of no community that you are in, so there is little I can do for you here: "
    f"{say_command('help')} lists it. Write a line where I am, then ask again."
)


@dataclass(frozen=True, kw_only=True)
class PrivateTools(WithStores):
    choices: PrivateChoices


@command(
    "community use [name]",
    "Say in which of your communities your private lines to me act, for an hour.",
    example="community use The Penguins",
    private=True,
)
def use(call: Call, tools: PrivateTools) -> Answer:
    if not tools.session.event.private:
        raise Refusal("That is for private talk: here it is the community of this place.")
    among = _memberships(tools)
    if not among:
        return Chat(NONE_KNOWN, free=True)
    typed = call.arguments.get("name", "").strip()
    if not typed and len(among) == 1:
        return Chat(f"You are in {_called(among[0])}, and what you write to me acts there.")
    if not typed:
        return replace(_ask(among, "", tools), free=False)
    one = _named(typed, among)
    tools.choices.choose({one.whose: one.community})
    return Chat(f"What you write to me acts in {_called(one)} {HOW_LONG}.")


def which(call: Call, tools: PrivateTools) -> Answer:
    return _ask(_memberships(tools), call.text, tools)


def none_known(_call: Call, _tools: PrivateTools) -> Answer:
    return Chat(NONE_KNOWN, free=True)


def _memberships(tools: PrivateTools) -> Sequence[Membership]:
    user, place = tools.session.event.user, parse_entity(tools.session.event.place)
    if user is None:
        return ()
    return memberships_of(tools.postgres, Whose(Account(place.platform, user.id), place.server))


def _ask(among: Sequence[Membership], line: str, tools: PrivateTools) -> Chat:
    """What was typed is done with the answer."""
    offered = among[:MOST_OFFERED]
    if not offered:
        return Chat(NONE_KNOWN, free=True)
    tools.choices.ask(tools.session.event.place, [one.community for one in offered], line)
    told = ", ".join(f"{number} {_called(one)}" for number, one in enumerate(offered, 1))
    more = f" There are more: {USE} and its name." if among[MOST_OFFERED:] else ""
    return Chat(
        f"You are in several communities: {told}. Which one do you mean? Answer with its number; "
        f"that holds {HOW_LONG}, and {USE} changes it.{more}",
        free=True,
    )


def _named(typed: str, among: Sequence[Membership]) -> Membership:
    """By name, or by its number in the question. Raises Refusal: they are in no such community."""
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else 0
    if 1 <= number <= len(among):
        return among[number - 1]
    for one in among:
        if typed.casefold() in {one.name.casefold(), (one.home or one.name).casefold()}:
            return one
    raise Refusal(f"You are in no community called '{typed[:40]}'. {USE} lists yours.")


def _called(one: Membership) -> str:
    """One that nobody named is told by where it was founded."""
    if ":" not in one.name:
        return one.name
    home = parse_entity(one.name.split()[0])
    name = find_abilities(home.platform).name or home.platform
    return f"a community on {name} without a name (…{home.channel[-4:]})"


MODULE = Builtin(
    tools=PrivateTools,
    name="private",
    summary="Says in which community private lines act.",
    commands=(use,),
    listens=(on(WHICH_COMMUNITY, which), on(NO_COMMUNITY, none_known)),
)
