"""Private talk acts in a community of its person's: looked up where a command is recognised.

One community: there. Several: whoever writes is asked once, and that holds for an hour. None: only
what is about the person alone. Nothing is looked up for any other line (docs/decisions/0045).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from functions.router.directory import Directory, Unopened, holding
from functions.router.match import CLICKED, HEARD_PRIVATELY, Triggers, find_matches, say
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, home_of, parse_entity, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.matches import Match
from waddlebot.domain.private_talk import is_personal
from waddlebot.domain.sessions import Person, Session
from waddlebot.domain.triggers import NO_COMMUNITY, WHICH_COMMUNITY, CommandTrigger
from waddlebot.stores.memberships import Membership, memberships_of
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.private_choices import PrivateChoices, Question
from waddlebot_sdk.roles import Role, highest

MOST_DIGITS = 2
SIGNS = "!?.,;:+~$%&*=^-#"
"""What a command may begin with, here or in some community."""
CHOSEN = "!community info"
"""What an answer does where nothing else waits for it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateTalk:
    directory: Directory
    triggers: Triggers
    postgres: Postgres
    choices: PrivateChoices


def settle(
    sessions: Sequence[Session], matches: Sequence[Match], talk: PrivateTalk
) -> tuple[list[Session], list[Match]]:
    """Both anew, where something private was recognised.

    Raises:
        Unopened: the database does not answer; nothing has begun.
    """
    if not any(session.event.private for session in sessions):
        return list(sessions), list(matches)
    found: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        found[match.session.id].append(match)
    settled = [_settle(session, found[session.id], talk) for session in sessions]
    return [session for session, _ in settled], [one for _, those in settled for one in those]


def _settle(
    session: Session, matches: list[Match], talk: PrivateTalk
) -> tuple[Session, list[Match]]:
    event = session.event
    if not event.private or (event.user is None and event.community is None):
        return session, matches
    question = _question(event, talk)
    if not (question or event.community is not None or _is_recognised(session, matches)):
        return session, matches
    among = _memberships(event, talk)
    one = _settled(event, question, among, talk)
    entered = _enter(session, one, question, talk) if one else None
    if entered is not None:
        return entered, find_matches([entered], talk.triggers)
    if not question and all(is_personal(match.trigger.module) for match in matches):
        return session, matches
    return session, _said(session, talk, WHICH_COMMUNITY if among else NO_COMMUNITY)


def _is_recognised(session: Session, matches: Sequence[Match]) -> bool:
    """Whether something of a command is in it: one that we know, or what may be a community's."""
    event = session.event
    if event.type in CLICKED or any(isinstance(one.trigger, CommandTrigger) for one in matches):
        return True
    return bool(matches) and event.text[:1] in SIGNS and event.text.strip(SIGNS) != ""


def _said(session: Session, talk: PrivateTalk, event_type: str) -> list[Match]:
    """A click, or what is due, is no line: nobody is asked back."""
    table = talk.triggers.tables[session.commands_version]
    is_line = session.event.type not in HEARD_PRIVATELY
    said = say(session, table, event_type, session.event.text) if is_line else None
    return [said] if said else []


def _question(event: Event, talk: PrivateTalk) -> Question | None:
    """The one that this line answers with a number."""
    line = event.text.strip()
    is_number = line.isascii() and line.isdigit() and len(line) <= MOST_DIGITS
    if not is_number or event.community is not None:
        return None
    try:
        question = talk.choices.answer(event.place, event.id)
    except Unavailable:
        log.warning("cache server did not answer")
        return None
    return question if question and 1 <= int(line) <= len(question.communities) else None


def _memberships(event: Event, talk: PrivateTalk) -> list[Membership]:
    """Whose are looked up. What is due was asked for when somebody was there, and needs no role."""
    if event.type is MessageType.DUE or event.user is None:
        return []
    server = parse_entity(event.place).server
    account = Account(platform_of(event.place), event.user.id)
    try:
        among = memberships_of(talk.postgres, account, server=server)
        if server is not None and not among:
            talk.directory.open_home(EntityId(home_of(event.place)))
            among = memberships_of(talk.postgres, account, server=server)
    except Unavailable as error:
        raise Unopened(error.what, error.how) from error
    return among


def _settled(
    event: Event, question: Question | None, among: Sequence[Membership], talk: PrivateTalk
) -> Membership | None:
    """The one that it acts in, and never one that its person is not in."""
    by_id = {one.community: one for one in among}
    if event.community is not None:
        return by_id.get(event.community) or Membership.of_nobody(event.community)
    if question is not None:
        return by_id.get(question.communities[int(event.text) - 1])
    if len(among) < 2:
        return next(iter(among), None)
    try:
        chosen = talk.choices.chosen(among[0].whose)
    except Unavailable:
        log.warning("cache server did not answer")
        return None
    return by_id.get(chosen) if chosen is not None else None


def _enter(
    session: Session, one: Membership, question: Question | None, talk: PrivateTalk
) -> Session | None:
    """The same line in that community; with the answer, what was typed before the question."""
    community = talk.directory.find_community(one.community)
    if community is None:
        return None
    event = session.event
    text = (question.line or CHOSEN) if question else event.text
    if question:
        try:
            talk.choices.choose(one.whose, one.community)
        except Unavailable:
            log.warning("cache server did not answer; the choice holds for this line alone")
    return replace(
        session,
        event=msgspec.structs.replace(event, community=one.community, text=text),
        community=community,
        person=_person(session, one),
    )


def _person(session: Session, one: Membership) -> Person | None:
    """With what was given in that community; what a platform says counts in its home alone."""
    person, user = session.person, session.event.user
    if person is None or user is None:
        return person
    is_home = one.home is not None and one.home == home_of(session.event.place)
    role = highest(one.role, user.role if is_home else Role.USER)
    return replace(person, role=role, everywhere=role, labels=holding(one.labels))
