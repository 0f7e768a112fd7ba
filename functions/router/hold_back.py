"""The bot never says what a rule of the community forbids, whoever asked it to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import msgspec

from functions.router.execute import Wave
from functions.router.rule_sets import RuleSets
from waddlebot.domain import rule_sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import Execution, OfferedChat
from waddlebot.domain.platform_actions import ActionKind
from waddlebot.domain.refused_wishes import HELD_BACK, RefusedWish
from waddlebot.domain.sessions import Session
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.stores.directory_rows import OpenedPlace
from waddlebot_sdk.overlay_words import words_of
from waddlebot_sdk.responses import Chat, Failed, General, Media, Response, Ticker
from waddlebot_sdk.wishes import Announce, SayElsewhere, Wish

Places = Mapping[EntityId, OpenedPlace]

_TALK_OF_RULES = frozenset({"moderation", "rules", "why"})
"""What they say is about the rules themselves, to whoever watches over them."""
_ABOUT_NEWCOMERS = frozenset({MessageType.FIRST_LINE, MessageType.MEMBER_JOIN})
"""Whose name may be what a rule forbids: nobody asked, and they read nothing of rules."""
_FORBIDDING = frozenset({RuleAction.WARN, RuleAction.BLOCK})
_SPOKEN = frozenset({ActionKind.ANNOUNCE, ActionKind.SET_TITLE, ActionKind.SET_GAME})
"""What everybody reads, as if it had been said."""


def hold_back(wave: Wave, rule_sets: RuleSets) -> Wave:
    """The same wave; an answer that a rule would warn for or block is a sentence instead.

    A quote, a reminder or an announcement is somebody's text: moderators may write what others may
    not, and rules may be younger than what was kept.
    """
    if not any(_is_watched(execution) for execution in wave.executions):
        return wave
    held = [_held_back(one, rule_sets, wave.places or {}) for one in wave.executions]
    return replace(wave, executions=held)


def _is_watched(execution: Execution) -> bool:
    match = execution.verdict.match
    return bool(match.session.community.rules) and match.trigger.module not in _TALK_OF_RULES


def _held_back(execution: Execution, rule_sets: RuleSets, places: Places) -> Execution:
    if not _is_watched(execution):
        return execution
    session = execution.verdict.match.session
    said = _texts(execution, places)
    rule = next(filter(None, (forbids(*one, session, rule_sets) for one in said)), None)
    if rule is None:
        return execution
    told = Chat(rule_sayings.held_back(rule, _called(execution)), private=True)
    return replace(
        execution,
        responses=() if session.event.type in _ABOUT_NEWCOMERS else (told,),
        platform_actions=tuple(
            msgspec.structs.replace(action, then="")
            for action in execution.platform_actions
            if action.kind not in _SPOKEN
        ),
        refused=tuple(
            RefusedWish(wish=one.needs, why=HELD_BACK)
            for one in execution.responses
            if isinstance(one, Wish)
        ),
    )


def _called(execution: Execution) -> str:
    """Who asked for it long ago is told which it was."""
    names = (one.called for one in execution.responses if isinstance(one, Chat))
    return next(filter(None, names), "")


def _texts(execution: Execution, places: Places) -> Iterator[tuple[str, EntityId]]:
    """Each with the place whose rules it meets."""
    here = execution.verdict.match.session.spot.entity
    for response in execution.responses:
        place = _place_of(response, places) or here
        yield from ((text, place) for text in _texts_of(response) if text)
    for action in execution.platform_actions:
        spoken = (action.text if action.kind in _SPOKEN else "", action.then)
        yield from ((text, here) for text in spoken if text)


def _place_of(response: Response, places: Places) -> EntityId | None:
    """By its own id, whatever it was called. What is nobody's place is not spoken in."""
    found = places.get(EntityId(response.place)) if isinstance(response, SayElsewhere) else None
    return found.spot.entity if found else None


def _texts_of(response: Response) -> Iterator[str]:
    match response:
        case Chat():
            yield response.text
            if isinstance(response, OfferedChat):
                yield from response.offered_texts()
            yield from response.listing.texts() if response.listing else ()
        case Announce() | SayElsewhere():
            yield response.text
        case Ticker():
            yield response.text
            yield from words_of(response.details)
        case Media():
            yield from words_of(response.details)
        case General():
            yield response.content
            yield _read(response.content) if response.content_type == "html" else ""
            yield from words_of(response.details)
        case Failed():
            yield response.say


def _read(html: str) -> str:
    from waddlebot_sdk.html_texts import text_of_html  # whoever shows none does not wait for it

    return text_of_html(html)


def forbids(text: str, place: EntityId, session: Session, rule_sets: RuleSets) -> StringRule | None:
    """The first rule that would warn for it or block it."""
    hits = rule_sets.find(session.community, text, place)
    return next(filter(_is_forbidding, hits), None)


def _is_forbidding(rule: StringRule) -> bool:
    return rule.match_type is not MatchType.ANYTHING and rule.action in _FORBIDDING
