"""Who reads what a custom command says, and is offered it: whoever may use it."""

from __future__ import annotations

from collections.abc import Iterable

from waddlebot.domain import sayings
from waddlebot.domain.custom_commands import MODULE, CustomCommand, custom_of, moment_of
from waddlebot.domain.custom_whens import why_silent
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.sessions import Session
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role


def role_in(session: Session) -> Role:
    """Of who asks."""
    return session.person.role if session.person else Role.USER


def read_by(role: Role, commands: Iterable[CustomCommand]) -> list[CustomCommand]:
    """Those whose texts are for this role, by name."""
    return sorted((one for one in commands if role.covers(one.role)), key=lambda one: one.name)


def usable_custom(session: Session) -> list[CustomCommand]:
    """By name, those that answer this person where they are: what is offered to them."""
    community, at = session.community, moment_of(session)
    if MODULE in community.disabled | session.spot.disabled:
        return []
    known = read_by(role_in(session), custom_of(community).values())
    return [one for one in known if one.enabled and not why_silent(one.when, at)]


def is_usable_custom(name: str, session: Session) -> bool:
    """Whether the one that is called so answers this person where they are."""
    community = session.community
    if MODULE in community.disabled | session.spot.disabled:
        return False
    one = custom_of(community)[name]
    is_for_them = role_in(session).covers(one.role)
    return one.enabled and is_for_them and not why_silent(one.when, moment_of(session))


def in_category(commands: Iterable[CustomCommand], category: str) -> list[CustomCommand]:
    return [one for one in commands if one.category == category]


def check_reader(role: Role, command: CustomCommand) -> CustomCommand:
    """The same one. Raises Refusal: its text is for others."""
    if not role.covers(command.role):
        words = f"{say_command(command.name)} is for {sayings.who_may(command.role)} only."
        raise Refusal(words, Because.MAY_NOT, code="MISSING_ROLE", field="name")
    return command
