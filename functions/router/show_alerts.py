"""What happened, as OBS shows it: what follows, gives, raids and comes becomes an alert.

Looked up in what the directory knows of the community; nothing of it is shown where there is no
address to show it at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from functions.router.hold_back import forbids
from functions.router.rule_sets import RuleSets
from waddlebot.domain.accounts import Account
from waddlebot.domain.alert_events import KINDS, SOMEBODY, WhatHappened, read_happened
from waddlebot.domain.alerts import (
    PRIORITIES,
    AlertRule,
    Alerts,
    fill_line,
    find_alert,
    line_of,
)
from waddlebot.domain.entities import CommunityId, platform_of
from waddlebot.domain.event_list import LISTED, forgetting
from waddlebot.domain.events import MessageType
from waddlebot.domain.goals import COUNT, counts_of
from waddlebot.domain.outcomes import Outcome, OverlayPush
from waddlebot.domain.overlays import OverlaySource
from waddlebot.domain.sessions import Session
from waddlebot.domain.standings import Standing

MODULE = "alerts"
"""By this name a community switches all of them off."""
MOST_OF_A_KIND = 20
"""Of one community in one batch: ten thousand who follow at once fill no queue."""

_TOLD = frozenset({*KINDS, MessageType.BAN})
_NOTHING = Alerts()


def show_alerts(outcomes: Sequence[Outcome], rule_sets: RuleSets) -> list[Outcome]:
    """The same outcomes, each with the alert that it is. No round trip.

    A push has the name of its event, so that one that is told again is shown once.
    """
    if not any(one.session.event.type in _TOLD for one in outcomes):
        return list(outcomes)
    shown: Counter[tuple[CommunityId, str]] = Counter()
    banned = {key for one in outcomes if _is_ban(one) for key in _keys_of_banned(one.session)}
    return [_with_alert(one, rule_sets, shown, banned) for one in outcomes]


def _with_alert(
    outcome: Outcome,
    rule_sets: RuleSets,
    shown: Counter[tuple[CommunityId, str]],
    banned: AbstractSet[tuple[CommunityId, str]],
) -> Outcome:
    session = outcome.session
    if _is_ban(outcome):
        return replace(outcome, overlay_pushes=(*outcome.overlay_pushes, _forgetting(session)))
    if not _is_shown(session) or outcome.standing is Standing.BUSY:
        return outcome
    happened = read_happened(session.event, session.person.name if session.person else "")
    if happened is None:
        return outcome
    push = _push(happened, session, rule_sets, shown)
    if push and _whose(session) and {_key(session), _called(session, happened.name)} & banned:
        push = replace(push, content=dict(COUNT))  # nobody is to read their name on the way out
    return replace(outcome, overlay_pushes=(*outcome.overlay_pushes, push)) if push else outcome


def _push(
    happened: WhatHappened,
    session: Session,
    rule_sets: RuleSets,
    shown: Counter[tuple[CommunityId, str]],
) -> OverlayPush | None:
    """What is not shown may still count."""
    at, alerts = platform_of(session.spot.entity), _alerts(session)
    what, counts = counts_of(happened)
    is_counted = what in alerts.goals
    rule = find_alert(alerts.rules, happened.kind, at, happened.amount)
    key = (session.community.id, happened.kind.value)
    if rule is not None and shown[key] < MOST_OF_A_KIND:
        shown[key] += 1
        content = _content(_allowed(happened, session, rule_sets), rule, at)
        content |= {**_files(rule, alerts), LISTED: _whose(session)}
    elif is_counted:
        content = dict(COUNT)
    else:
        return None
    return OverlayPush(
        community=session.community.id,
        execution_id=f"alert-{session.event.id}",
        source=OverlaySource.GENERAL.value,
        content=content,
        counts_for=what if is_counted else "",
        counts=counts if is_counted else 0,
    )


def _is_ban(outcome: Outcome) -> bool:
    """Of somebody whose name may stand there."""
    session = outcome.session
    is_told = not (session.event.watched_only or outcome.standing is Standing.BUSY)
    is_ban = session.event.type is MessageType.BAN and bool(_whose(session))
    return is_ban and is_told and _alerts(session).is_shown


def _forgetting(session: Session) -> OverlayPush:
    return OverlayPush(
        community=session.community.id,
        execution_id=f"forget-{session.event.id}",
        source=OverlaySource.GENERAL.value,
        content=forgetting(_whose(session), called=_login_of(session)),
    )


def _key(session: Session) -> tuple[CommunityId, str]:
    return session.community.id, _whose(session)


def _keys_of_banned(session: Session) -> Iterator[tuple[CommunityId, str]]:
    yield _key(session)
    if _login_of(session):
        yield _called(session, session.event.login_alone)


def _called(session: Session, name: str) -> tuple[CommunityId, str]:
    """Beside the keys of accounts, as those of people who may be named in either way."""
    return session.community.id, f"{platform_of(session.spot.entity)}:@{name.casefold()}"


def _login_of(session: Session) -> str:
    """`twitch:ana`, where no more is known of them; Somebody is nobody's name."""
    login = session.event.login_alone
    is_name = login not in {"", SOMEBODY.casefold()}
    return f"{platform_of(session.event.entity)}:{login}" if is_name else ""


def _is_shown(session: Session) -> bool:
    event = session.event
    is_told = not (event.watched_only or event.private or event.replayed_at)
    if event.type not in KINDS or not is_told or session.spot.quiet:
        return False
    is_off = MODULE in session.community.disabled | session.spot.disabled
    return _alerts(session).is_shown and not is_off


def _alerts(session: Session) -> Alerts:
    alerts: Alerts = session.community.own.get(MODULE, _NOTHING)
    return alerts


def _allowed(happened: WhatHappened, session: Session, rule_sets: RuleSets) -> WhatHappened:
    """Without a name and words that a rule here would warn for or block."""
    if not session.community.rules:
        return happened

    def is_forbidden(text: str) -> bool:
        return bool(text) and forbids(text, session.spot.entity, session, rule_sets) is not None

    name = SOMEBODY if is_forbidden(happened.name) else happened.name
    return replace(
        happened, name=name, message="" if is_forbidden(happened.message) else happened.message
    )


def _whose(session: Session) -> str:
    """Empty for who gives without a name, also where the platform has one account for all."""
    event = session.event
    if event.data.get("anonymous") is True:
        return ""
    return Account(platform_of(event.entity), event.user.id).key if event.user else ""


def _files(rule: AlertRule, alerts: Alerts) -> dict[str, str]:
    """By their addresses; what is not there is left out."""
    own = {kind.value: alerts.files.get(title, "") for kind, title in rule.files}
    return {"image_url": own.get("image", rule.image), "sound_url": own.get("sound", "")}


def _content(happened: WhatHappened, rule: AlertRule, platform: str) -> dict[str, Any]:
    """As a module would answer it, with the line as it was written: the page dresses its places."""
    line = line_of(rule, has_amount=bool(happened.shown))
    places = {
        "name": happened.name,
        "amount": happened.shown,
        "tier": happened.tier,
        "message": happened.message,
    }
    return {
        "success": True,
        "response_action": "general",
        "content_type": "alert",
        "content": fill_line(line, places),
        "duration": rule.seconds,
        "type": happened.kind.value,
        "line": line,
        **places,
        "platform": platform,
        "priority": PRIORITIES[happened.kind],
        "style": rule.style,
    }
