"""Who it is that something fired for, where a platform's events carry ids alone.

A quiet line costs nothing here. Whoever stays unknown is a user; but nobody is moderated whom the
platform may yet call a moderator: such an event waits and comes again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from functions.router.acquaintances import (
    Acquaintances,
    WantedPeople,
    account_of,
    patience_for,
    server_of,
)
from functions.router.begin import acts
from functions.router.judge import STALE_RULE_SECONDS
from functions.router.match import Triggers, find_matches
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import parse_entity, platform_of
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.known_people import Known, account_in, group_of, grouped, introduced
from waddlebot.domain.matches import Match, Standing
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import Turn
from waddlebot.platforms import find_abilities
from waddlebot_sdk.roles import Role


def recognise(
    sessions: Sequence[Session],
    matches: Sequence[Match],
    acquaintances: Acquaintances,
    triggers: Triggers,
) -> tuple[list[Session], list[Match]]:
    """Both anew, as far as somebody has to be asked about; one call for the whole batch.

    A line that begins with a channel's link may be a `#` command: only the channel's name tells.
    """
    _forget_changed(sessions, acquaintances)
    acted_on = {match.session.id for match in matches if acts(match)}
    concerned = [one for one in sessions if one.id in acted_on or _first_channel(one.event)]
    wanted = _wanted(concerned)
    if not wanted:
        return list(sessions), list(matches)
    known = acquaintances.ask(wanted, patience_for(one.event for one in concerned))
    anew = {one.id: _understood(one, known) for one in concerned}
    return (
        [anew.get(one.id, one) for one in sessions],
        _held(_matched_anew(sessions, matches, anew, triggers)),
    )


def _forget_changed(sessions: Sequence[Session], acquaintances: Acquaintances) -> None:
    for session in sessions:
        event = session.event
        if event.type is not MessageType.PROFILE_CHANGE:
            continue
        place = parse_entity(event.entity)
        if "ended" in event.data:
            if event.data.get("is_bots"):
                acquaintances.end(event.entity, event.occurred_at)
            elif people := event.data.get("people"):
                acquaintances.end_lent(event.entity, people, event.occurred_at)
        elif "granted" in event.data or "revoked" in event.data:
            acquaintances.share(
                place.server or "",
                granted=event.data.get("granted", ()),
                revoked=event.data.get("revoked", ()),
            )
        elif "group_id" in event.data:
            acquaintances.change_groups(place.platform, place.server or "")
        else:
            account = Account(place.platform, str(event.data.get("user_id", "")))
            acquaintances.change(account, str(event.data.get("name", "")))
            if place.server:
                acquaintances.change(account_in(place.server, account), "")


def _wanted(sessions: Sequence[Session]) -> WantedPeople:
    wanted = WantedPeople()
    for session in sessions:
        account, channel = account_of(session.event), _first_channel(session.event)
        if account and session.person and not session.person.is_known:
            server = server_of(session.event)
            wanted.people[account_in(server, account)] = server
            places = _nameless_place(session.event)
            wanted.channels.update(dict.fromkeys(places, server_of(session.event)))
        if channel:
            wanted.channels[channel] = server_of(session.event)
        if account and (group := group_of(session, account.platform)):
            wanted.groups[group] = None
    return wanted


def _first_channel(event: Event) -> Account | None:
    """The one whose link the line begins with, where it comes without its name."""
    if account_of(event) is None or event.watched_only:
        return None
    platform = platform_of(event.entity)
    link = find_abilities(platform).nameless_channel
    found = link.match(event.text.lstrip()) if link else None
    return Account(platform, found[1]) if found else None


def _nameless_place(event: Event) -> list[Account]:
    """Asked with its people: a line there says the channel's id alone."""
    place = parse_entity(event.entity)
    is_known = event.place_name or event.private or place.kind != "channel"
    return [] if is_known else [Account(place.platform, place.channel)]


def _understood(session: Session, known: Known) -> Session:
    account, channel = account_of(session.event), _first_channel(session.event)
    if account is not None and session.person and not session.person.is_known:
        session = introduced(session, account, known)
        called = [known.channels.get(place, "") for place in _nameless_place(session.event)]
        event = msgspec.structs.replace(session.event, place_name="".join(called))
        session = replace(session, event=event) if any(called) else session
    if account is not None and (group := group_of(session, account.platform)):
        session = grouped(session, group, known)
    name = known.channels.get(channel, "") if channel else ""
    if not name:
        return session
    text = session.event.text.lstrip()
    link = find_abilities(platform_of(session.event.entity)).nameless_channel
    named = link.sub(lambda _: f"#{name}", text, count=1) if link else text
    return replace(session, event=msgspec.structs.replace(session.event, text=named))


def _matched_anew(
    sessions: Sequence[Session],
    matches: Sequence[Match],
    anew: dict[str, Session],
    triggers: Triggers,
) -> list[Match]:
    """In the order of the sessions. A line that reads otherwise now fires otherwise."""
    found: dict[str, list[Match]] = defaultdict(list)
    for match in matches:
        found[match.session.id].append(match)
    again: list[Match] = []
    for before in sessions:
        session = anew.get(before.id, before)
        if session.event.text != before.event.text:
            again += find_matches([session], triggers)
        elif session is before:
            again += found[before.id]
        else:
            again += [replace(match, session=session) for match in found[before.id]]
    return again


def _held(matches: Sequence[Match]) -> list[Match]:
    """Where a rule would moderate somebody who may be exempt, all of that event waits.

    It comes again like one that another router is at, and holds up nobody else meanwhile.
    """
    waiting = {one.session.id for one in matches if _is_open(one)}
    return [
        replace(one, standing=Standing.BUSY) if one.session.id in waiting else one
        for one in matches
    ]


def _is_open(match: Match) -> bool:
    """Whether it is still to be found out if this rule may moderate this person."""
    session = match.session
    person, event = session.person, session.event
    if match.trigger.turn is not Turn.MODERATE or person is None or session.spot.quiet:
        return False
    age = datetime.now(UTC) - (event.replayed_at or event.occurred_at)
    is_stale = age.total_seconds() > STALE_RULE_SECONDS
    return not person.is_known and not person.role.covers(Role.MODERATOR) and not is_stale
