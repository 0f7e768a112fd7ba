"""What is said, done and shown of all that ran; pure, the same in every delivery."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from functions.router.dressing import dressed, has_markup, listing_of, naming, parts_of
from functions.router.execute import Wave
from functions.router.waits import waits
from functions.router.wishes import fulfil
from waddlebot.domain import sayings
from waddlebot.domain.entities import CommunityId, EntityId, is_whole_server, platform_of
from waddlebot.domain.events import Channel, MessageType
from waddlebot.domain.executions import (
    Execution,
    Notice,
    OfferedChat,
    SecretChat,
    Status,
    execution_id,
)
from waddlebot.domain.matches import Standing
from waddlebot.domain.offers import Offering
from waddlebot.domain.outcomes import Outcome, OverlayPush, Reply
from waddlebot.domain.overlay_pushes import TOLD_BY
from waddlebot.domain.platform_actions import ActionKind, PlatformAction
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import CommandTrigger, ComponentTrigger
from waddlebot.domain.verdicts import Verdict
from waddlebot.platforms import find_abilities
from waddlebot.platforms.abilities import Abilities
from waddlebot.platforms.lent_abilities import abilities_at
from waddlebot.platforms.mentions import Mentioned
from waddlebot_sdk.listings import Listing
from waddlebot_sdk.own_words import word_response
from waddlebot_sdk.responses import MOST_RESPONSES, Chat, Failed, General, Media, Ticker

_MAY: dict[ActionKind, Callable[[Abilities], bool]] = {
    ActionKind.DELETE_MESSAGE: lambda abilities: abilities.deletes_messages,
    ActionKind.TIMEOUT: lambda abilities: abilities.times_out,
    ActionKind.END_TIMEOUT: lambda abilities: abilities.times_out,
    ActionKind.BAN: lambda abilities: abilities.bans,
    ActionKind.UNBAN: lambda abilities: abilities.bans,
    ActionKind.KICK: lambda abilities: abilities.kicks,
    ActionKind.REACT: lambda abilities: abilities.reacts,
    ActionKind.END_REACTION: lambda abilities: abilities.reacts,
    ActionKind.ANNOUNCE: lambda abilities: abilities.announces,
    ActionKind.SHOUT_OUT: lambda abilities: abilities.shouts_out,
    ActionKind.SET_TITLE: lambda abilities: abilities.sets_stream,
    ActionKind.SET_GAME: lambda abilities: abilities.sets_stream,
}
NOBODY = Mentioned()
NOT_NAMED: Mapping[CommunityId, Mentioned] = {}
_SOURCES: dict[type, str] = {Ticker: "ticker", Media: "media", General: "general"}


def conclude(wave: Wave, mentioned: Mapping[CommunityId, Mentioned] = NOT_NAMED) -> list[Outcome]:
    """Outcome n belongs to session n, also where nothing matched.

    What is recorded keeps ids; what is said has the names of who is mentioned, by community.
    """
    decided: dict[str, list[Verdict]] = defaultdict(list)
    ran: dict[str, list[Execution]] = defaultdict(list)
    for verdict in wave.verdicts:
        decided[verdict.match.session.id].append(verdict)
    for execution in wave.executions:
        ran[execution.verdict.match.session.id].append(fulfil(execution, wave.places))
    return [
        _outcome(
            session,
            decided.get(session.id, ()),
            ran.get(session.id, ()),
            is_late=wave.is_late,
            mentioned=mentioned.get(session.community.id, NOBODY),
        )
        for session in wave.sessions
    ]


def in_order(sessions: Sequence[Session], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcome n belongs to session n, whatever wave it came with."""
    found = {outcome.session.id: outcome for outcome in outcomes}
    return [found[session.id] for session in sessions]


def _outcome(
    session: Session,
    verdicts: Sequence[Verdict],
    executions: Sequence[Execution],
    *,
    is_late: bool,
    mentioned: Mentioned,
) -> Outcome:
    if not verdicts:  # as for most lines of a chat
        return Outcome(session=session)
    standing = next((verdict.match.standing for verdict in verdicts), Standing.OURS)
    if standing is not Standing.OURS:
        return Outcome(session=session, verdicts=tuple(verdicts), standing=standing)
    return Outcome(
        session=session,
        verdicts=tuple(verdicts),
        executions=tuple(executions),
        replies=(*_refusals(session, verdicts), *_answers(session, executions, mentioned)),
        platform_actions=tuple(_actions(session, executions, mentioned, is_late=is_late)),
        overlay_pushes=tuple(_overlay_pushes(session, executions, mentioned)),
        passed_on=any(execution.status is Status.PENDING for execution in executions),
    )


def _refusals(session: Session, verdicts: Sequence[Verdict]) -> Iterator[Reply]:
    for verdict in verdicts:
        if verdict.said and not verdict.allowed:
            name = execution_id(verdict.match)
            said = verdict.instead or Chat(sayings.say_refusal(verdict), private=True)
            text = dressed(said.text, session, session.event.entity)
            yield _reply(session, name, 0, text, private=said.private)


def _answers(
    session: Session, executions: Sequence[Execution], mentioned: Mentioned
) -> Iterator[Reply]:
    is_pressed = session.event.type in {MessageType.BUTTON_CLICK, MessageType.SELECT_MENU}
    for execution in executions:
        number = 0
        for line, private, parts in _messages(execution, session, mentioned):
            notifies, channel = line.notifies, None if private else _events_channel(session)
            listing = listing_of(line, parts, channel or session.event.entity)
            offer = line.offer if isinstance(line, OfferedChat) else None
            for left, part in enumerate(parts, 1 - len(parts)):
                if channel:
                    said = Notice(entity=channel, text=part)
                    yield _elsewhere(session, execution.id, number, said, part)
                else:
                    yield _reply(
                        session,
                        execution.id,
                        number,
                        part,
                        private=private,
                        secret=line.secret,
                        otherwise=_otherwise(line, session),
                        notifies=notifies,
                        listing=listing,
                        offer=None if left else offer,
                        in_place=line.in_place and not (number or private) and is_pressed,
                    )
                number, notifies = number + 1, False
        for notice in execution.notices:
            at = EntityId(notice.entity)
            for part in parts_of(naming(mentioned, session, at)(notice.text), session, at):
                yield _elsewhere(session, execution.id, number, notice, part)
                number += 1


def _messages(
    execution: Execution, session: Session, mentioned: Mentioned
) -> Iterator[tuple[Chat, bool, list[str]]]:
    """Each line, whether it is private, and its messages: all together so many as one call has.

    A line that is short counts as none; what is left out is told.
    """
    is_marked = has_markup(execution.verdict.match.trigger)
    abilities = find_abilities(platform_of(session.event.entity))
    short = abilities.most_characters // MOST_RESPONSES
    room, left_out = abilities.most_messages, list[bool]()
    for told, private in _lines(execution) or _nothing(execution):
        channel = None if private else _events_channel(session)
        line = told.reworded(naming(mentioned, session, channel or session.event.entity))
        most = max(room, 1)
        parts = parts_of(line.text, session, channel, is_marked=is_marked, most_messages=most)
        is_short = len(parts) <= 1 and all(abilities.measure(one) <= short for one in parts)
        if not room and not is_short:
            left_out.append(private)
            continue
        room -= 0 if is_short else len(parts)
        yield line, private, parts
    if left_out:
        more = Chat(sayings.left_out(len(left_out)))
        yield more, all(left_out), [dressed(more.text, session, session.event.entity)]


def _otherwise(line: Chat, session: Session) -> str:
    words = line.otherwise if isinstance(line, SecretChat) else ""
    return dressed(words, session, session.event.entity)


def _events_channel(session: Session) -> EntityId | None:
    """Where the community wants to read what is said of a whole server, which has no place itself.

    Whoever tells it over the API reads the answer there.
    """
    event = session.event
    is_told = isinstance(event.way_back, Channel) and not event.is_asked
    return session.community.events_channel if is_told and is_whole_server(event.entity) else None


def _lines(execution: Execution) -> list[tuple[Chat, bool]]:
    """Lines for chat, and whether each is for the asking person alone.

    Where nobody asked, a failure is in the record and not in chat.
    """
    if execution.verdict.hushed:
        instead = execution.verdict.instead
        return [(instead, instead.private)] if instead else []
    return list(_said(execution))


def _nothing(execution: Execution) -> list[tuple[Chat, bool]]:
    """A place that is kept for an answer must not stay empty."""
    match = execution.verdict.match
    asked = CommandTrigger | ComponentTrigger
    is_over = isinstance(match.trigger, asked) and execution.status is not Status.PENDING
    is_open = is_over and match.session.event.is_open and not execution.is_left_out
    return [(Chat(sayings.DONE), True)] if is_open else []


def _said(execution: Execution) -> Iterator[tuple[Chat, bool]]:
    trigger = execution.verdict.match.trigger
    asked = isinstance(trigger, CommandTrigger | ComponentTrigger)
    alone = isinstance(trigger, CommandTrigger) and trigger.private
    for response in execution.responses:
        if isinstance(response, Chat):
            yield response, response.private or response.secret or alone
        elif isinstance(response, Failed) and asked:
            default = sayings.went_wrong(sayings.name_of(trigger), execution.id)
            yield Chat(response.say or default), alone or isinstance(trigger, ComponentTrigger)


def _reply(
    session: Session,
    execution: str,
    number: int,
    text: str,
    *,
    private: bool,
    secret: bool = False,
    otherwise: str = "",
    notifies: bool = False,
    listing: Listing | None = None,
    offer: Offering | None = None,
    in_place: bool = False,
) -> Reply:
    person = session.event.user
    return Reply(
        id=f"{execution}{number}",
        session_id=session.id,
        execution_id=execution,
        entity=session.event.entity,
        text=text,
        way_back=session.event.way_back,
        user=person.id if person else None,
        user_name=dressed(person.name, session, session.event.entity) if person else "",
        private=private,
        secret=secret,
        otherwise=otherwise,
        parent=session.event.parent,
        user_login=person.login if person else "",
        notifies=notifies,
        listing=listing,
        offer=offer,
        in_place=in_place,
    )


def _elsewhere(session: Session, execution: str, number: int, notice: Notice, text: str) -> Reply:
    """For another channel, as a line of its own; there it may be for one person."""
    return Reply(
        id=f"{execution}{number}",
        session_id=session.id,
        execution_id=execution,
        entity=EntityId(notice.entity),
        text=text,
        way_back=Channel(),
        user=notice.user or None,
        user_name=dressed(notice.user_name, session, EntityId(notice.entity)),
        private=bool(notice.user),
        secret=bool(notice.user),
        for_moderators=notice.for_moderators,
        instead=tuple(map(EntityId, notice.instead)),
        about=notice.about,
    )


def _actions(
    session: Session, executions: Sequence[Execution], mentioned: Mentioned, *, is_late: bool
) -> Iterator[PlatformAction]:
    """None that the platform would not let the bot do; what is announced reads like any line."""
    abilities = abilities_at(session)
    for execution in executions:
        for action in (*execution.platform_actions, *waits(session, execution, is_late=is_late)):
            if _MAY[action.kind](abilities):
                then = dressed(action.then, session, action.entity) if action.then else ""
                text = action.text
                if action.kind is ActionKind.ANNOUNCE:
                    named = naming(mentioned, session, action.entity)(text)
                    text = dressed(named, session, action.entity)
                yield msgspec.structs.replace(action, text=text, then=then)


def _overlay_pushes(
    session: Session, executions: Sequence[Execution], mentioned: Mentioned
) -> Iterator[OverlayPush]:
    reword = naming(mentioned, session, None)
    for execution in executions:
        for response in execution.responses:
            source = _SOURCES.get(type(response))
            if source:
                yield OverlayPush(
                    community=session.community.id,
                    execution_id=execution.id,
                    source=source,
                    content={
                        **word_response(response, reword).to_wire(),
                        TOLD_BY: execution.verdict.match.trigger.module,
                    },
                )
