"""Private talk acts in a community of its person's: looked up where a command is recognised.

One community: there. Several: whoever writes is asked once, and that holds for an hour. None: only
what is about the person alone. Nothing is looked up for any other line (docs/decisions/0045).
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from functions.router.acquaintances import Acquaintances
from functions.router.directory import Directory, Unopened, holding
from functions.router.expand import expand
from functions.router.match import CLICKED, HEARD_PRIVATELY, Triggers, find_matches, say
from functions.router.pressed import community_pressed
from functions.router.private_standing import with_standing
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId, home_of, parse_entity, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.matches import Match
from waddlebot.domain.private_talk import NOWHERE, is_personal
from waddlebot.domain.sessions import Community, Person, Session
from waddlebot.domain.triggers import NO_COMMUNITY, WHICH_COMMUNITY, CommandTrigger
from waddlebot.stores.memberships import Membership, Whose, memberships_of_all
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
    acquaintances: Acquaintances


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateLine:
    """What is private and looked at: a command stands in it, or it answers a question of ours."""

    session: Session
    matches: Sequence[Match]
    question: Question | None
    among: Sequence[Membership] = ()

    @property
    def event(self) -> Event:
        return self.session.event


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
    lines = _with_memberships(_recognised(sessions, found, talk), talk)
    settled_in = _settled(lines, talk)
    entered, acting = _with_standing(settled_in, _enter(settled_in, talk), talk)
    anew: dict[str, list[Match]] = {one.session.id: _said(one, talk) for one in lines}
    anew |= {name: [] for name in entered}
    for match in acting:
        anew[match.session.id].append(match)
    settled = [entered.get(session.id, session) for session in sessions]
    return settled, [
        match for session in settled for match in anew.get(session.id, found[session.id])
    ]


def _with_standing(
    settled: Sequence[tuple[PrivateLine, Membership]],
    entered: Mapping[str, Session],
    talk: PrivateTalk,
) -> tuple[Mapping[str, Session], list[Match]]:
    homes = {line.session.id: one.home for line, one in settled}
    expanded = {one.id: one for one in expand(list(entered.values()), talk.triggers.tables)}
    matches = find_matches(list(expanded.values()), talk.triggers)
    return with_standing(expanded, homes, matches, talk.acquaintances)


def _recognised(
    sessions: Sequence[Session], found: Mapping[str, Sequence[Match]], talk: PrivateTalk
) -> list[PrivateLine]:
    theirs = [one for one in sessions if one.event.private and _is_somebodys(one.event)]
    questions = _questions(theirs, talk)
    lines = [
        PrivateLine(session=one, matches=found.get(one.id, ()), question=questions.get(one.id))
        for one in theirs
    ]
    return [
        line
        for line in lines
        if line.question or line.event.community is not None or _is_recognised(line)
    ]


def _is_somebodys(event: Event) -> bool:
    return event.user is not None or event.community is not None


def _is_recognised(line: PrivateLine) -> bool:
    """Whether something of a command is in it: one that we know, or what may be a community's."""
    event, matches = line.event, line.matches
    if event.type in CLICKED or any(isinstance(one.trigger, CommandTrigger) for one in matches):
        return True
    return bool(matches) and event.text[:1] in SIGNS and event.text.strip(SIGNS) != ""


def _said(line: PrivateLine, talk: PrivateTalk) -> list[Match]:
    """What is done with it outside of any community; a click, or what is due, is no line: nobody
    is asked back.
    """
    if not line.question and all(is_personal(match.trigger.module) for match in line.matches):
        return list(line.matches)
    event_type = WHICH_COMMUNITY if line.among else NO_COMMUNITY
    table = talk.triggers.tables[line.session.commands_version]
    is_line = line.event.type not in HEARD_PRIVATELY
    said = say(line.session, table, event_type, line.event.text) if is_line else None
    return [said] if said else []


def _questions(sessions: Sequence[Session], talk: PrivateTalk) -> Mapping[str, Question]:
    """By session, the one that a line answers with a number."""
    answering = [one for one in sessions if _is_number(one.event)]
    places = [(one.event.place, one.event.id) for one in answering]
    try:
        asked = talk.choices.answer(places)
    except Unavailable:
        log.warning("cache server did not answer")
        return {}
    return {
        one.id: question
        for one, question in zip(answering, asked, strict=True)
        if question and 1 <= int(one.event.text) <= len(question.communities)
    }


def _is_number(event: Event) -> bool:
    line = event.text.strip()
    is_number = line.isascii() and line.isdigit() and len(line) <= MOST_DIGITS
    return is_number and event.community is None


def _with_memberships(lines: Sequence[PrivateLine], talk: PrivateTalk) -> list[PrivateLine]:
    """One statement for all of them; two more where somebody writes from an unknown workspace."""
    whose = {one.session.id: account for one in lines if (account := _whose(one.event))}
    try:
        among = memberships_of_all(talk.postgres, whose.values())
        unknown = [one for one in whose.values() if one.server is not None and not among[one]]
        if unknown:
            homes = {home_of(one.event.place) for one in lines if _whose(one.event) in unknown}
            talk.directory.open_homes(map(EntityId, sorted(homes)))
            among = {**among, **memberships_of_all(talk.postgres, unknown)}
    except Unavailable as error:
        raise Unopened(error.what, error.how) from error
    return [
        replace(one, among=among[whose[one.session.id]] if one.session.id in whose else ())
        for one in lines
    ]


def _whose(event: Event) -> Whose | None:
    """Whose are looked up. What is due was asked for when somebody was there, and needs no role."""
    if event.type is MessageType.DUE or event.user is None:
        return None
    account = Account(platform_of(event.place), event.user.id)
    return Whose(account, parse_entity(event.place).server)


def _settled(
    lines: Sequence[PrivateLine], talk: PrivateTalk
) -> list[tuple[PrivateLine, Membership]]:
    """What each acts in, and never one that its person is not in: in order, as one choice holds for
    the lines behind it.
    """
    settled = []
    chosen = _chosen(lines, talk)
    for line in lines:
        one = _one_of(line, chosen)
        if one and line.question:
            chosen[one.whose] = one.community
        settled += [(line, one)] if one else []
    return settled


def _one_of(line: PrivateLine, chosen: Mapping[str, CommunityId]) -> Membership | None:
    by_id = {one.community: one for one in line.among}
    number = line.event.community or community_pressed(line.event)
    if number is not None:
        return by_id.get(number) or Membership.of_nobody(number)
    if line.question is not None:
        return by_id.get(line.question.communities[int(line.event.text) - 1])
    if len(line.among) < 2:
        return next(iter(line.among), None)
    return by_id.get(chosen.get(line.among[0].whose, NOWHERE.id))


def _chosen(lines: Sequence[PrivateLine], talk: PrivateTalk) -> dict[str, CommunityId]:
    several = [
        one.among[0].whose
        for one in lines
        if len(one.among) > 1 and one.event.community is None and not one.question
    ]
    try:
        return dict(talk.choices.chosen(list(dict.fromkeys(several))))
    except Unavailable:
        log.warning("cache server did not answer")
        return {}


def _enter(
    settled: Sequence[tuple[PrivateLine, Membership]], talk: PrivateTalk
) -> dict[str, Session]:
    """By session, the same line in that community."""
    communities = talk.directory.find_communities(one.community for _, one in settled)
    there = [(line, one) for line, one in settled if one.community in communities]
    _keep_choices(there, talk)
    return {line.session.id: _entered(line, one, communities[one.community]) for line, one in there}


def _keep_choices(settled: Sequence[tuple[PrivateLine, Membership]], talk: PrivateTalk) -> None:
    try:
        talk.choices.choose({one.whose: one.community for line, one in settled if line.question})
    except Unavailable:
        log.warning("cache server did not answer; the choice holds for this line alone")


def _entered(line: PrivateLine, one: Membership, community: Community) -> Session:
    """With the answer to a question, what was typed before it."""
    text = (line.question.line or CHOSEN) if line.question else line.event.text
    return replace(
        line.session,
        event=msgspec.structs.replace(line.event, community=one.community, text=text),
        community=community,
        person=_person(line.session, one),
    )


def _person(session: Session, one: Membership) -> Person | None:
    """With what was given in that community; what a platform says counts in its home alone."""
    person, user = session.person, session.event.user
    if person is None or user is None:
        return person
    is_home = one.home is not None and one.home == home_of(session.event.place)
    role = highest(one.role, user.role if is_home else Role.USER)
    return replace(person, role=role, everywhere=role, labels=holding(one.labels))
