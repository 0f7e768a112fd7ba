"""What a batch brings to chat boxes: lines for OBS, and which of them were deleted.

Nothing is looked up and nobody is asked where no community of the batch shows its chat. Nobody
waits for it either: answers have left by now.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from functions.router.acquaintances import Acquaintances, WantedPeople, account_of
from functions.router.chat_lines import SOMEBODY, line_of, name_on_line
from functions.router.hold_back import forbids
from functions.router.kept_calls import is_secret
from functions.router.mentioned import Mentions
from functions.router.rule_sets import RuleSets
from waddlebot.domain.accounts import Account
from waddlebot.domain.chat_box import CHAT_BOX, line_name
from waddlebot.domain.chat_lines import ChatLine, ChatNews, Removal
from waddlebot.domain.entities import CommunityId, platform_of
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, MessageType, texts_of
from waddlebot.domain.known_people import server_at
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.overlays import OverlaySource
from waddlebot.domain.platform_actions import ActionKind
from waddlebot.domain.sessions import Session
from waddlebot.domain.socket_pushes import SocketFrame
from waddlebot.domain.standings import Standing
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.domain.triggers import CommandTrigger, RuleTrigger, Trigger
from waddlebot.domain.unseen import is_blank
from waddlebot.domain.verdicts import Reason
from waddlebot.stores.chat_lines import ChatLines
from waddlebot.stores.overlay_sockets import OverlaySockets
from waddlebot_sdk.own_words import STRANGERS_PREFIX, USUAL_PREFIX

PATIENCE_SECONDS = 1.0
"""For a platform that has to be asked who writes."""
_SENT_AWAY = frozenset({MessageType.BAN, MessageType.TIMEOUT, MessageType.KICK})
_AGAINST = frozenset(
    {ActionKind.DELETE_MESSAGE, ActionKind.TIMEOUT, ActionKind.BAN, ActionKind.KICK}
)
_FORBIDDING = frozenset({RuleAction.WARN, RuleAction.BLOCK})

_Tell = Callable[[CommunityId, Sequence[ChatLine]], ChatNews]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatBoxRoad:
    """`tell` hands frames to who writes to sockets."""

    lines: ChatLines
    sockets: OverlaySockets
    acquaintances: Acquaintances
    mentions: Mentions
    rule_sets: RuleSets
    tell: Callable[[Sequence[SocketFrame]], None]

    def show(self, outcomes: Sequence[Outcome]) -> None:
        """Nothing raises: a line that is not shown is in its own chat all the same."""
        there = [one for one in outcomes if one.session.community.own.get(CHAT_BOX)]
        if not there:
            return
        try:
            self._show(there)
        except Unavailable as error:
            log.warning("chat was not shown", extra={"events": len(there), "error": str(error)})

    def _show(self, outcomes: Sequence[Outcome]) -> None:
        new = [one.session for one in outcomes if is_shown(one)]
        changed = [one.session for one in outcomes if is_changed(one)]
        news = self._told(new, self.lines.add) + self._told(changed, self.lines.change)
        news += self._removed(outcomes)
        looking = self.sockets.looking(
            sorted({community for community, one in news if one.entries}), OverlaySource.GENERAL
        )
        self.tell(
            [
                SocketFrame(frame=frame_of(one), sockets=tuple(looking[community]))
                for community, one in news
                if community in looking
            ]
        )

    def _told(self, sessions: Sequence[Session], tell: _Tell) -> list[tuple[CommunityId, ChatNews]]:
        if not sessions:
            return []
        names = self._names(sessions)
        mentioned = self.mentions.of_lines(sessions)
        lines: dict[CommunityId, list[ChatLine]] = defaultdict(list)
        for session in sessions:
            name = self._read(name_on_line(session, names.get(_writer(session), "")), session)
            lines[session.community.id].append(line_of(session, name, mentioned))
        return [(community, tell(community, those)) for community, those in lines.items()]

    def _read(self, name: str, session: Session) -> str:
        """A name is words as well: what a rule here forbids stands in none."""
        is_watched = bool(session.community.rules)
        is_forbidden = is_watched and forbids(name, session.spot.entity, session, self.rule_sets)
        return SOMEBODY if is_forbidden else name

    def _removed(self, outcomes: Sequence[Outcome]) -> list[tuple[CommunityId, ChatNews]]:
        removals: dict[CommunityId, list[Removal]] = defaultdict(list)
        for outcome in outcomes:
            removals[outcome.session.community.id] += removals_of(outcome)
        return [
            (community, self.lines.remove(community, those))
            for community, those in removals.items()
            if those
        ]

    def _names(self, sessions: Iterable[Session]) -> Mapping[Account, str]:
        """Of those whose platform says ids alone: as remembered, else as it answers."""
        unknown = {
            account: server_at(session.spot.entity)
            for session in sessions
            if (account := account_of(session.event)) and not _is_named(session)
        }
        if not unknown:
            return {}
        known = self.acquaintances.remembered(unknown)
        missing = {one: server for one, server in unknown.items() if not known.name_of(one)}
        if missing:
            patience = timedelta(seconds=PATIENCE_SECONDS)
            known = known.with_more(self.acquaintances.ask(WantedPeople(people=missing), patience))
        return {one: known.name_of(one) for one in unknown}


def frame_of(news: ChatNews) -> dict[str, object]:
    """As pages get it (chat.js): `{"kind": "chat", "after": n, "entries": [...]}`."""
    return {"kind": "chat", "after": news.after, "entries": [one.told() for one in news.entries]}


def is_shown(outcome: Outcome) -> bool:
    """As a line of its own."""
    return not outcome.session.event.watched_only and _is_fit(outcome)


def is_changed(outcome: Outcome) -> bool:
    """What a line says now. An edit without words, as of a link that was looked at, is none."""
    return outcome.session.event.watched_only and _is_fit(outcome)


def _is_fit(outcome: Outcome) -> bool:
    """Never what a rule forbids or somebody is still asked about; no secret either."""
    event, box = outcome.session.event, outcome.session.community.own[CHAT_BOX]
    if not box.shows(event) or is_blank(event.text) or outcome.passed_on:
        return False
    if outcome.standing is not Standing.OURS or is_forbidden(outcome):
        return False
    return not _is_hidden(outcome)


def _is_hidden(outcome: Outcome) -> bool:
    """It is a command, and such are not shown, or it holds a secret."""
    box = outcome.session.community.own[CHAT_BOX]
    return _is_command(outcome) and not (box.commands and not _holds_secret(outcome))


def is_forbidden(outcome: Outcome) -> bool:
    """A rule of the community is against it, or the server that one asks."""
    hit = (one for one in outcome.verdicts if isinstance(one.match.trigger, RuleTrigger))
    if any(one.reason is not Reason.EXEMPT and _forbids(one.match.trigger) for one in hit):
        return True
    return any(
        action.kind in _AGAINST
        for execution in outcome.executions
        if isinstance(execution.verdict.match.trigger, RuleTrigger)
        for action in execution.platform_actions
    )


def removals_of(outcome: Outcome) -> Iterator[Removal]:
    """What was deleted, whose lines were, and what a rule forbids by now: it never comes late.
    What somebody has made a command of, or nothing, goes as well.
    """
    event = outcome.session.event
    platform, at = platform_of(event.entity), event.occurred_at
    if outcome.standing is not Standing.OURS:
        return
    if event.user and event.type in _SENT_AWAY:
        yield Removal(kind="of", what=f"{platform}:{event.user.id}", at=at)
        if event.login_alone:
            yield Removal(kind="called", what=f"{platform}:{event.login_alone}", at=at)
    elif event.type is MessageType.GONE:
        yield from _gone(event, platform)
    elif event.message and (is_forbidden(outcome) or _is_taken_back(outcome)):
        yield Removal(kind="line", what=line_name(event.entity, event.message), at=at)


def _is_taken_back(outcome: Outcome) -> bool:
    """An edit that leaves nothing to be shown."""
    event = outcome.session.event
    is_edit = event.watched_only and bool(event.text)
    return is_edit and (is_blank(event.text) or _is_hidden(outcome))


def _gone(event: Event, platform: str) -> Iterator[Removal]:
    """Whoever tells of lines means those alone, whatever else they are."""
    at = event.occurred_at
    if "messages" in event.data:
        for message in texts_of(event.data["messages"]):
            yield Removal(kind="line", what=line_name(event.entity, message), at=at)
    elif event.user:
        yield Removal(kind="of", what=f"{platform}:{event.user.id}", at=at)
    else:
        yield Removal(kind="at", what=event.entity, at=at)


def _forbids(trigger: Trigger) -> bool:
    if not isinstance(trigger, RuleTrigger):
        return False
    rule = trigger.rule
    return rule.match_type is not MatchType.ANYTHING and rule.action in _FORBIDDING


def _is_command(outcome: Outcome) -> bool:
    """Also of another bot: it begins as commands do."""
    event, words = outcome.session.event, outcome.session.community.words
    if event.text.lstrip()[:1] in {USUAL_PREFIX, STRANGERS_PREFIX, words.prefix[:1]}:
        return True
    return any(isinstance(one.match.trigger, CommandTrigger) for one in outcome.verdicts)


def _holds_secret(outcome: Outcome) -> bool:
    return any(is_secret(one.match.trigger) for one in outcome.verdicts)


def _writer(session: Session) -> Account:
    event = session.event
    return Account(platform_of(event.entity), event.user.id if event.user else "")


def _is_named(session: Session) -> bool:
    """Where a platform says ids alone, that is the name until it is known."""
    person = session.person
    return person is not None and person.name != person.id
