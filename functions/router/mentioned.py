"""By which names those go whom texts mention: as the line itself says, as is remembered, as they
were called here last, else as the platform says that is asked.

Nothing here raises, and nothing is looked up where nobody is mentioned: most lines.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from functions.router.acquaintances import Acquaintances, WantedPeople, account_of, patience_for
from functions.router.execute import Wave
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId, home_of, parse_entity, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.executions import Execution
from waddlebot.domain.known_people import NOTHING_KNOWN, Known
from waddlebot.domain.matches import Match
from waddlebot.domain.sessions import Session
from waddlebot.platforms import find_abilities
from waddlebot.platforms.mentions import Mention, Mentioned, mentions_in
from waddlebot.stores.belonging import homes_in
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.shown_names import names_of_channels, names_of_people_in
from waddlebot_sdk.own_words import word_response

MOST_NAMED = 20
"""Of a batch that nothing is known of: a platform answers only so often."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mentions:
    acquaintances: Acquaintances
    postgres: Postgres

    def kept(self, match: Match) -> Mapping[str, str]:
        """What stands for the marks of what was typed, where it is kept."""
        session = match.session
        mentioned = self._named(mentions_in(match.text), [session])
        zone = session.community.time_zone
        return mentioned.kept(match.text, now=session.event.occurred_at, zone=zone)

    def said(self, wave: Wave) -> Mapping[CommunityId, Mentioned]:
        """All whom the texts of these answers mention, as each community knows them: what a line
        of another one calls somebody is no business of theirs.
        """
        mentions: dict[CommunityId, list[Mention]] = defaultdict(list)
        for execution in wave.executions:
            community = execution.verdict.match.session.community.id
            for text in _texts(execution):
                mentions[community] += mentions_in(text)
        known = {
            community: self._known(
                those, [one for one in wave.sessions if one.community.id == community]
            )
            for community, those in mentions.items()
            if those
        }
        if not known:
            return {}
        # What a platform itself says is the same for all: it is asked once.
        missing = {
            one: _server_of(
                one, [session for session in wave.sessions if session.community.id == community]
            )
            for community, (_, left) in known.items()
            for one in left
        }
        asked = self._asked(missing, wave.sessions)
        return {
            community: Mentioned(
                names={
                    **names,
                    **dict.fromkeys((one.account for one in left), ""),
                    **self._told_here(
                        asked, [one for one in wave.sessions if one.community.id == community]
                    ),
                }
            )
            for community, (names, left) in known.items()
        }

    def of_lines(self, sessions: Sequence[Session]) -> Mapping[CommunityId, Mentioned]:
        """Whom the lines themselves mention, as each community knows them."""
        told: dict[CommunityId, list[Session]] = defaultdict(list)
        for session in sessions:
            told[session.community.id].append(session)
        return {
            community: self._named(
                [one for session in those for one in mentions_in(session.event.text)], those
            )
            for community, those in told.items()
        }

    def told_to(
        self, session: Session, known: Known, people: Iterable[Account]
    ) -> Mapping[Account, str]:
        """Of these by their names those who are of this place, or were seen in the community."""
        names = dict(self._told_here(known, [session]))
        speaker = account_of(session.event)
        others = [one for one in people if one not in names and known.name_of(one)]
        seen: Iterable[Account] = ()
        if any(one != speaker for one in others):
            try:
                seen = names_of_people_in(self.postgres, others, [session.community.id])
            except Unavailable:
                seen = ()
        return {
            **names,
            **{one: known.name_of(one) for one in others if one == speaker or one in seen},
        }

    def _named(self, mentions: Iterable[Mention], sessions: Sequence[Session]) -> Mentioned:
        names, missing = self._known(mentions, sessions)
        servers = {one: _server_of(one, sessions) for one in missing}
        asked = self._told_here(self._asked(servers, sessions), sessions)
        return Mentioned(names={**names, **asked})

    def _known(
        self, mentions: Iterable[Mention], sessions: Sequence[Session]
    ) -> tuple[Mapping[Account, str], list[Mention]]:
        """The names that need no question, and whose are missing."""
        wanted = {one.account: one for one in mentions if not one.name}
        if not wanted:
            return {}, []
        names = dict(_names_told(sessions))
        missing = list(wanted.values())
        for find in (self._remembered, self._seen):
            missing = [one for one in missing if not names.get(one.account)]
            if missing:
                names |= find(missing, sessions)
        return names, [one for one in missing if not names.get(one.account)]

    def _remembered(
        self, missing: Sequence[Mention], sessions: Sequence[Session]
    ) -> Mapping[Account, str]:
        people, channels = _of_kind(missing, "person"), _of_kind(missing, "channel")
        return self._told_here(self.acquaintances.remembered(people, channels), sessions)

    def _told_here(self, known: Known, sessions: Sequence[Session]) -> Mapping[Account, str]:
        """What a platform says of people and channels is told where they are, and in communities
        that have a place there: whoever types an id elsewhere learns no name by it.
        """
        here = {home_of(session.spot.entity) for session in sessions}
        here.update(session.community.home or "" for session in sessions)
        homes = {one.home for one in known.people.values()} - here - {""}
        try:
            communities = {session.community.id for session in sessions}
            here |= homes_in(self.postgres, homes, communities) if homes else set()
        except Unavailable:
            log.warning("nobody could say whose servers these are", extra={"servers": len(homes)})
        return {
            **(known.channels if known.channels and self._is_theirs(sessions, here) else {}),
            **{
                one: person.name
                for one, person in known.people.items()
                if person.home and person.home in here
            },
        }

    def _seen(
        self, missing: Sequence[Mention], sessions: Sequence[Session]
    ) -> Mapping[Account, str]:
        people, channels = _of_kind(missing, "person"), _of_kind(missing, "channel")
        communities = sorted({session.community.id for session in sessions})
        try:
            found = dict(names_of_people_in(self.postgres, people, communities)) if people else {}
            if channels:
                found |= names_of_channels(self.postgres, channels, communities)
        except Unavailable:
            return {}
        # Where events carry ids alone, a name that was seen may be the id.
        return {account: name for account, name in found.items() if name != account[1]}

    def _is_theirs(self, sessions: Sequence[Session], here: AbstractSet[str]) -> bool:
        """Whether who speaks is at home here: of a channel nobody says which server it is in."""
        speakers = [account_of(session.event) for session in sessions]
        known = self.acquaintances.remembered(one for one in speakers if one)
        return any(one.home in here for one in known.people.values() if one.home)

    def _asked(self, missing: Mapping[Mention, str], sessions: Sequence[Session]) -> Known:
        """Each with the server where it was mentioned."""
        asking = [one for one in missing if find_abilities(one.platform).asks_with]
        asking = list(islice(asking, MOST_NAMED))
        people = {one.account: missing[one] for one in asking if one.kind == "person"}
        channels = {one.account: missing[one] for one in asking if one.kind == "channel"}
        patience = patience_for(session.event for session in sessions)
        if not (people or channels) or patience.total_seconds() <= 0:
            return NOTHING_KNOWN
        return self.acquaintances.ask(WantedPeople(people=people, channels=channels), patience)


def _server_of(mention: Mention, sessions: Sequence[Session]) -> str:
    """Of the places where it was mentioned, or else where their community was founded."""
    places = [
        place
        for session in sessions
        for place in (session.spot.entity, session.community.home)
        if place and platform_of(EntityId(place)) == mention.platform
    ]
    found = (parse_entity(place) for place in places)
    return next((one.server or one.channel for one in found if one.server), "")


def _of_kind(mentions: Iterable[Mention], kind: str) -> list[Account]:
    return [one.account for one in mentions if one.kind == kind]


def _names_told(sessions: Iterable[Session]) -> Iterator[tuple[Account, str]]:
    """As the lines themselves say."""
    for session in sessions:
        yield from _told_by(session.event)


def _told_by(event: Event) -> Iterator[tuple[Account, str]]:
    told = event.data.get("mentions")
    for number, name in told.items() if isinstance(told, dict) else ():
        yield Account(platform_of(event.entity), str(number)), str(name)


def _texts(execution: Execution) -> Iterator[str]:
    found: list[str] = []

    def see(text: str) -> str:
        found.append(text)
        return text

    for response in execution.responses:
        word_response(response, see)
    yield from found
    yield from (notice.text for notice in execution.notices)
