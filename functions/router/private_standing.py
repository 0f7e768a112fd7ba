"""What somebody is in the server that a community was founded for, where private talk is silent.

Asked of the platform, once a batch and only where a command is about to be done there that is not
about the person alone; remembered for ten minutes. Whoever stays unknown is a user.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from functions.router.acquaintances import Acquaintances, patience_for
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, is_whole_server, parse_entity, platform_of
from waddlebot.domain.events import MessageType
from waddlebot.domain.known_people import KnownPerson, account_in
from waddlebot.domain.matches import Match
from waddlebot.domain.private_talk import is_personal
from waddlebot.domain.sessions import Session
from waddlebot.platforms import find_abilities
from waddlebot_sdk.roles import Role, highest


def with_standing(
    sessions: Mapping[str, Session],
    homes: Mapping[str, str | None],
    matches: Sequence[Match],
    acquaintances: Acquaintances,
) -> tuple[Mapping[str, Session], list[Match]]:
    """Both anew; `homes` are by session, of the communities that it is in with its person."""
    acting = {one.session.id for one in matches if not is_personal(one.trigger.module)}
    asked = {
        name: account
        for name, session in sessions.items()
        if name in acting and (account := _account(session, homes.get(name)))
    }
    if not asked:
        return sessions, list(matches)
    patience = patience_for(sessions[name].event for name in asked)
    known = acquaintances.standings(asked.values(), patience).people
    anew = {
        name: _standing(sessions[name], known[account])
        for name, account in asked.items()
        if account in known
    }
    return (
        {**sessions, **anew},
        [replace(one, session=anew.get(one.session.id, one.session)) for one in matches],
    )


def _account(session: Session, home: str | None) -> Account | None:
    """Of this person in the home; None where nothing more can be found out."""
    event, person = session.event, session.person
    if event.user is None or event.type is MessageType.DUE or person is None or home is None:
        return None
    platform = platform_of(event.place)
    if not find_abilities(platform).asks_standing_with or person.everywhere is Role.OWNER:
        return None
    if platform_of(EntityId(home)) != platform or not is_whole_server(EntityId(home)):
        return None
    return account_in(parse_entity(home).channel, Account(platform, event.user.id))


def _standing(session: Session, known: KnownPerson) -> Session:
    person = session.person
    assert person is not None  # noqa: S101 - nobody else was asked about
    return replace(
        session,
        person=replace(
            person,
            role=highest(person.role, known.role),
            everywhere=highest(person.everywhere, known.role),
        ),
    )
