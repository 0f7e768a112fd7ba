"""Commands that a community has of its own: a word, and what is said, with variables in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from waddlebot.domain import sayings
from waddlebot.domain.custom_facts import OF_OTHERS
from waddlebot.domain.custom_variables import needs_of
from waddlebot.domain.custom_whens import ALWAYS, TypedAt, When, described_when, when_to_wire
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Community, Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

CUSTOM = MODULE = "custom"
"""The part of a community that they are, and the module that says them."""
RUN = "custom run"
RUN_ID = f"{USUAL_PREFIX}{RUN}"
MOST_COOLDOWN_SECONDS = 86_400
MOST_ALSO = 5
_COUNTS_BY_NAME = re.compile(r"(?<!\\)(\$[({]\s*(?:get)?count)(?=\s*[)}|+-])", re.IGNORECASE)
ASKING_SECONDS = 5.0
"""So long one may take that asks a server of somebody else's: no batch waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomCommand:
    """It is for `role` and those above it, answers `when` that holds, and rests so long after
    each use: for everybody of a place, and for each person. It is listed with its `category`.
    """

    name: str
    text: str
    role: Role = Role.USER
    cooldown_seconds: int = 0
    person_cooldown_seconds: int = 0
    when: When = ALWAYS
    category: str = ""
    enabled: bool = True


def custom_of(community: Community) -> Mapping[str, CustomCommand]:
    """By name, those that are switched off too."""
    found: Mapping[str, CustomCommand] = community.own.get(CUSTOM) or {}
    return found


def find_usable(name: str, community: Community) -> CustomCommand | None:
    """The one of that name, unless it is switched off."""
    found = custom_of(community).get(name)
    return found if found and found.enabled else None


def custom_line(name: str, rest: str) -> str:
    """The command that says what this one says."""
    return f"{RUN_ID} {name} {rest}".rstrip()


def named_in(text: str) -> str:
    """The one that is meant behind the command that says them; as it is judged, so it is said."""
    return fold_name("".join(text.split(maxsplit=1)[:1]))


def as_typed(command: str | None, arguments: str | None) -> str | None:
    """`!hello`, of what is recorded of a line that says what that says; else the command itself."""
    name = named_in(arguments or "") if command == RUN_ID else ""
    return f"{USUAL_PREFIX}{name}" if name else command


def as_custom(trigger: CommandTrigger, text: str, community: Community) -> CommandTrigger:
    """Where the command that says them is meant: with what the one that is typed needs."""
    if trigger.id != RUN_ID:
        return trigger
    command = find_usable(named_in(text), community)
    if command is None:
        return trigger
    return replace(
        trigger,
        role=max(trigger.role, command.role, key=lambda role: role.rank),
        cooldown_seconds=command.cooldown_seconds,
        person_cooldown_seconds=command.person_cooldown_seconds,
        rests_together=True,
        timeout_seconds=ASKING_SECONDS if asks_others(command) else trigger.timeout_seconds,
        when=command.when,
        counted_as=f"{USUAL_PREFIX}{command.name}",
        shown=community.words.shown(f"{USUAL_PREFIX}{command.name}"),
    )


def with_counter(command: CustomCommand) -> str:
    """Its text, where the counter that it has by its name is named: it keeps that one."""
    return _COUNTS_BY_NAME.sub(rf"\1 {command.name}", command.text)


def asks_others(command: CustomCommand) -> bool:
    return bool(needs_of(command.text) & OF_OTHERS)


def moment_of(session: Session) -> TypedAt:
    """Where and when its line was typed."""
    community = session.community
    return TypedAt(
        platform=platform_of(session.here),
        place=session.spot.entity,
        moment=session.event.occurred_at,
        zone=community.time_zone,
        streams=community.streams,
    )


def described(
    command: CustomCommand,
    place: Callable[[EntityId], str] = str,
    *,
    also: Sequence[str] = (),
) -> str:
    """`!hello says (also !hi, for moderators, on Twitch, rests 30 s, off): Hi $(user)!`; `place`
    says what one is called, `also` are aliases of it.
    """
    about = ", ".join((*_also(also), *_about(command, place)))
    more = f" ({about})" if about else ""
    return f"{say_command(command.name)} says{more}: {command.text}"


def _also(names: Sequence[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - MOST_ALSO} more" if len(names) > MOST_ALSO else ""
        yield f"also {', '.join(map(say_command, names[:MOST_ALSO]))}{more}"


def _about(command: CustomCommand, place: Callable[[EntityId], str]) -> Iterator[str]:
    if command.role is not Role.USER:
        yield f"for {sayings.who_may(command.role)}"
    yield from described_when(command.when, place)
    if command.cooldown_seconds:
        yield f"rests {sayings.describe_span(command.cooldown_seconds)}"
    if command.person_cooldown_seconds:
        yield f"rests {sayings.describe_span(command.person_cooldown_seconds)} for each person"
    if command.category:
        yield f"category {command.category}"
    if not command.enabled:
        yield "off"


def custom_to_wire(command: CustomCommand) -> dict[str, Any]:
    """As they are noted and told: `when` as it stands on the wire."""
    return {**asdict(command), "role": command.role.value, "when": when_to_wire(command.when)}
