"""What modules wish besides answering: what is granted becomes an action or a line, else a refusal.

Nothing of it is believed because a module says so: what it declares stands in the command table,
and of a stranger's only what the community's owner granted counts (docs/decisions/0056).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from waddlebot.domain import refused_wishes as refused
from waddlebot.domain.entities import EntityId, is_whole_server, platform_of
from waddlebot.domain.executions import Execution, Notice
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.refused_wishes import RefusedWish
from waddlebot.domain.sessions import Community, Session
from waddlebot.domain.triggers import CommandTrigger, Trigger
from waddlebot.platforms import find_abilities
from waddlebot.platforms.abilities import Abilities
from waddlebot.platforms.lent_abilities import abilities_at
from waddlebot.stores.directory_rows import OpenedPlace
from waddlebot_sdk.responses import Chat, Failed
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import (
    Announce,
    DeleteLine,
    May,
    React,
    SayElsewhere,
    ShoutOut,
    Wish,
)

Places = Mapping[EntityId, OpenedPlace] | None
"""None: nobody could be asked whose places they are."""

_KNOWN_TO: Mapping[May, Callable[[Abilities], bool]] = {
    May.DELETE: lambda abilities: abilities.deletes_messages,
    May.REACT: lambda abilities: abilities.reacts,
    May.SHOUT_OUT: lambda abilities: abilities.shouts_out,
}
"""Announced is everywhere: where the platform knows no way of its own, as a line."""
_NOT_IN_PRIVATE = frozenset({May.ANNOUNCE, May.DELETE, May.SHOUT_OUT})
_ABOUT_A_LINE = frozenset({May.DELETE, May.REACT})
_LETTERS = "abcde"
"""One for each wish, of which an answer has five at most: each action of a call has an id of its
own, the same in every delivery."""


def granted(trigger: Trigger, community: Community) -> frozenset[May]:
    """What this module may do in this community besides answering."""
    if not trigger.destination.is_strangers:
        return trigger.may
    return trigger.may & community.installed.get(trigger.module, frozenset())


def fulfil(execution: Execution, places: Places) -> Execution:
    """The same, its wishes fulfilled or refused; `places` are those where it wants to speak.

    Whoever asked for something and would see nothing reads what was not done.
    """
    wishes = [one for one in execution.responses if isinstance(one, Wish)]
    if not wishes:
        return execution
    judged = [(one, _why_not(one, execution, places)) for one in wishes]
    undone = tuple(RefusedWish(wish=one.needs, why=why) for one, why in judged if why)
    done = [(letter, one) for letter, (one, why) in zip(_LETTERS, judged, strict=False) if not why]
    answers = [one for one in execution.responses if not isinstance(one, Wish)]
    actions = filter(None, (_action(letter, one, execution) for letter, one in done))
    notices = filter(None, (_notice(one, execution, places) for _, one in done))
    return replace(
        execution,
        responses=(*answers, *_told(execution, undone), *(one for _, one in done)),
        platform_actions=(*execution.platform_actions, *actions),
        notices=(*execution.notices, *notices),
        refused=undone,
    )


def _why_not(wish: Wish, execution: Execution, places: Places) -> str:
    """Empty where it may, and it can be done."""
    match, may = execution.verdict.match, wish.needs
    session, trigger = match.session, match.trigger
    platform = abilities_at(session)
    if may not in trigger.may:
        return refused.not_declared(trigger.module)
    if may not in granted(trigger, session.community):
        return refused.not_granted(trigger.module)
    if session.event.private and may in _NOT_IN_PRIVATE:
        return refused.PRIVATE
    if may in _KNOWN_TO and not _KNOWN_TO[may](platform):
        return refused.unknown_there(platform.name or platform_of(session.here))
    if may in _ABOUT_A_LINE and not session.event.message:
        return refused.NO_LINE
    if may is May.ANNOUNCE and _open_channel(session) is None:
        return refused.NO_CHANNEL
    if isinstance(wish, SayElsewhere):
        return _why_not_there(wish, execution, places)
    return ""


def _why_not_there(wish: SayElsewhere, execution: Execution, places: Places) -> str:
    """Where the bot, or this module, was told to be quiet it stays so whoever asks from afar."""
    if places is None:
        return refused.NOBODY_KNOWS
    match, place = execution.verdict.match, places.get(EntityId(wish.place))
    if place is None or place.community != match.session.community.id:
        return refused.no_place_of_ours(wish.place)
    if place.spot.quiet or match.trigger.module in place.spot.disabled:
        return refused.SILENT_THERE
    return ""


def _open_channel(session: Session) -> EntityId | None:
    """Where everybody reads what is said of this event."""
    if is_whole_server(session.here):
        return session.community.events_channel
    return session.here


def _action(letter: str, wish: Wish, execution: Execution) -> PlatformAction | None:
    event = execution.verdict.match.session.event
    match wish:
        case Announce(text=text):
            return _acted(letter, ActionKind.ANNOUNCE, execution, text=text)
        case React(emoji=emoji):
            line = event.message or ""
            return _acted(letter, ActionKind.REACT, execution, text=emoji, message=line)
        case DeleteLine():
            line = event.message or ""
            return _acted(letter, ActionKind.DELETE_MESSAGE, execution, message=line)
        case ShoutOut(person=person):
            return _acted(letter, ActionKind.SHOUT_OUT, execution, user=person)
        case _:
            return None


def _acted(
    letter: str,
    kind: ActionKind,
    execution: Execution,
    *,
    text: str = "",
    message: str = "",
    user: str = "",
) -> PlatformAction | None:
    """A moderator who asked for it is told where the platform refuses."""
    match = execution.verdict.match
    session, trigger = match.session, match.trigger
    if kind is ActionKind.ANNOUNCE and not _announces(session):
        return None
    person, is_asked = session.person, isinstance(trigger, CommandTrigger)
    asker = person if person and is_asked and person.role.covers(Role.MODERATOR) else None
    return PlatformAction(
        id=f"{execution.id}{letter}",
        kind=kind,
        entity=session.here,
        message=message,
        user=user,
        text=text,
        session_id=session.id,
        execution_id=execution.id,
        reason=trigger.module,
        asked_by=asker.id if asker else "",
        asked_by_name=asker.name if asker else "",
    )


def _notice(wish: Wish, execution: Execution, places: Places) -> Notice | None:
    session = execution.verdict.match.session
    match wish:
        case SayElsewhere(text=text, place=name) if places:
            return Notice(entity=places[EntityId(name)].spot.entity, text=text)
        case Announce(text=text) if not _announces(session):
            return Notice(entity=_open_channel(session) or session.here, text=text)
        case _:
            return None


def _announces(session: Session) -> bool:
    return find_abilities(platform_of(session.here)).announces


def _told(execution: Execution, undone: Sequence[RefusedWish]) -> tuple[Chat, ...]:
    match = execution.verdict.match
    is_answered = any(isinstance(one, Chat | Failed) for one in execution.responses)
    if not undone or is_answered or not isinstance(match.trigger, CommandTrigger):
        return ()
    said = match.session.community.words.reword(refused.say_refused(undone))
    return (Chat(said, private=True),)
