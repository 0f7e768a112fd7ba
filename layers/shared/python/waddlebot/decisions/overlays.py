"""What OBS shows of a community: its addresses, a sample on them, and nothing.

No part of it: an address is a secret, and stands in no text.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from waddlebot.decisions.alert_samples import find_sample
from waddlebot.decisions.asking import Asker
from waddlebot.domain.alerts import AlertKind
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.overlay_pushes import COUNTDOWN, MOST_SECONDS
from waddlebot.domain.overlay_samples import SAMPLES, USUAL
from waddlebot.domain.overlays import GRACE, OverlaySource
from waddlebot.stores.overlay_key import read_overlay_key
from waddlebot.stores.overlay_pushes import expire_pushes, push, unlist_events
from waddlebot.stores.overlay_tokens import CommunityTokens, OverlayAddress, has_any
from waddlebot.stores.sealing import Seal, SealLost
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.responses import General
from waddlebot_sdk.roles import Role

ALL = "all"
QUEUE = ("pause", "resume", "skip", "replay", "blackout", "light")
"""What is done with what waits: it is held, goes on, gives way to the next, comes once more; and
with all of it: it is neither seen nor heard, and is so again.
"""
CLEAR = {"success": True, "response_action": "control", "control": "clear"}

MOST_TITLE = 60
_DEED = "What OBS shows"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RotatedOverlays:
    """What was the address of each works `until` then."""

    addresses: Sequence[OverlayAddress]
    until: datetime


def show_overlays(
    edit: Edit, asker: Asker, seal: Callable[[], Seal], *, source: str = ""
) -> Sequence[OverlayAddress]:
    """Of this source, or of all; what has none yet gets one.

    Raises Refusal: it cannot be shown again, or nothing here can be unsealed.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted = read_sources(source)
    tokens = _tokens(edit, asker, seal)
    found = tokens.find(wanted)
    if tokens.made:  # from now on there is somewhere to show what happens
        edit.touch([asker.community])
    return _none_lost(found)


def find_overlays(edit: Edit, asker: Asker, seal: Callable[[], Seal]) -> Sequence[OverlayAddress]:
    """Those that there are; nothing is made of what has none, as its alerts would begin by that.

    Raises Refusal: as `show_overlays`.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    if not has_any(edit.connection, asker.community):
        return ()
    return _none_lost(_tokens(edit, asker, seal).those_there(tuple(OverlaySource)))


def _none_lost(found: Sequence[OverlayAddress]) -> Sequence[OverlayAddress]:
    """Raises Refusal: one cannot be shown again."""
    if lost := [one.source for one in found if not one.token]:
        how = say_command(f"overlay rotate {lost[0] if len(lost) == 1 else ''}".rstrip())
        words = (
            f"The address of {' and '.join(lost)} still works, but what it was made of is lost, "
            f"so I cannot show it again. Make another: {how}"
        )
        raise Refusal(words, code="OVERLAY_KEY_LOST")
    return found


def rotate_overlays(
    edit: Edit,
    asker: Asker,
    seal: Callable[[], Seal],
    *,
    now: datetime,
    source: str = "",
    call: str = "",
) -> RotatedOverlays:
    """Another address, of this source or of all; nobody brings the old one back.

    Called again for the same `call` it makes no other.

    Raises Refusal: there is no such source, or nothing here can be unsealed.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted, until = read_sources(source), now + GRACE
    edit.hold(asker.community)
    tokens = _tokens(edit, asker, seal)
    made = [tokens.rotate(one, call=call, until=until) for one in wanted]
    for one in made:
        after = {"generation": one.generation, "before_works_until": until.isoformat()}
        edit.note("rotate overlay", one.source, asker.community, after=after)
    return RotatedOverlays(addresses=made, until=until)


def try_overlay(
    edit: Edit, asker: Asker, *, now: datetime, kind: str = "", call: str = ""
) -> tuple[str, OverlaySource]:
    """Shows a sample of this kind; which kind that was, and where it is shown. An alert is as the
    community has it.

    Raises Refusal: there is no such kind, or it is switched off.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted = kind.strip().casefold() or USUAL
    if wanted not in SAMPLES:
        words = f"There is no sample '{kind[:40]}'. There are {', '.join(SAMPLES)}."
        raise Refusal(words, Because.WRONG, field="kind")
    source, content = SAMPLES[wanted]
    edit.hold(asker.community)
    if wanted in set(AlertKind):
        content = find_sample(edit, asker, AlertKind(wanted))
    push(edit, asker.community, source, content, call=call or _new_call(), now=now)
    edit.note("test overlay", wanted, asker.community)
    return wanted, source


def clear_overlays(
    edit: Edit, asker: Asker, *, now: datetime, source: str = "", call: str = ""
) -> Sequence[OverlaySource]:
    """Nothing is shown there any more, and what waits is not shown either; where that was.

    Raises Refusal: there is no such source.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted, asked = read_sources(source), call or _new_call()
    edit.hold(asker.community)
    for one in wanted:
        expire_pushes(edit, asker.community, one, now)
        if one is OverlaySource.GENERAL:
            unlist_events(edit, asker.community)
        push(edit, asker.community, one, CLEAR, call=asked, now=now)
        edit.note("clear overlay", one, asker.community)
    return wanted


def control_overlays(
    edit: Edit, asker: Asker, *, now: datetime, control: str, source: str = "", call: str = ""
) -> Sequence[OverlaySource]:
    """One of QUEUE, there or everywhere; where that was.

    Raises Refusal: there is no such thing to do, or no such source.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    if control not in QUEUE:
        words = f"An overlay cannot '{control[:40]}'. It can {', '.join(QUEUE)}."
        raise Refusal(words, Because.WRONG, field="control")
    wanted, asked = read_sources(source), call or _new_call()
    edit.hold(asker.community)
    for one in wanted:
        push(edit, asker.community, one, {**CLEAR, "control": control}, call=asked, now=now)
        edit.note(f"{control} overlay", one, asker.community)
    return wanted


def count_down(
    edit: Edit, asker: Asker, *, now: datetime, seconds: int, title: str = "", call: str = ""
) -> None:
    """In place of the one that runs; 0 seconds: there is none any more.

    Raises Refusal.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    if not 0 <= seconds <= MOST_SECONDS:
        hours = MOST_SECONDS // 3600
        raise Refusal(f"A countdown has {hours} hours at most.", Because.WRONG, field="seconds")
    if len(title) > MOST_TITLE:
        words = f"A countdown's title has {MOST_TITLE} characters at most."
        raise Refusal(words, Because.WRONG, field="title")
    edit.hold(asker.community)
    shown = General(content_type=COUNTDOWN, content=title, seconds=seconds).to_wire()
    asked = call or _new_call()
    push(edit, asker.community, OverlaySource.GENERAL, shown, call=asked, now=now)
    edit.note("count down", title or COUNTDOWN, asker.community, after={"seconds": seconds})


def read_sources(typed: str) -> Sequence[OverlaySource]:
    """All where none is named. Raises Refusal."""
    wanted = typed.strip().casefold()
    if wanted in {"", ALL}:
        return tuple(OverlaySource)
    if wanted not in set(OverlaySource):
        words = f"There is no source '{typed[:40]}'. There are {', '.join(OverlaySource)}."
        raise Refusal(words, Because.WRONG, field="source")
    return (OverlaySource(wanted),)


def _tokens(edit: Edit, asker: Asker, seal: Callable[[], Seal]) -> CommunityTokens:
    """Raises Refusal: the sentence for whoever runs the house is in the log."""
    try:
        key = read_overlay_key(edit.connection, seal())
    except SealLost as lost:
        log.error("no address of an overlay can be made", extra={"error": str(lost)})  # noqa: TRY400
        words = (
            "I cannot make addresses for OBS for now. Whoever runs this WaddleBot finds in its log "
            "what to do; those that are in OBS already work on."
        )
        raise Refusal(words, code="NOTHING_SEALED") from lost
    return CommunityTokens(edit.connection, asker.community, key)


def _new_call() -> str:
    return f"api-{uuid.uuid4().hex}"
