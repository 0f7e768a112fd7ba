"""A community lists its last events in OBS, or does no more."""

from __future__ import annotations

import uuid
from datetime import datetime

from waddlebot.decisions.asking import Asker
from waddlebot.domain.errors import Refusal
from waddlebot.domain.event_list import check_lines
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.event_lists import EventLists
from waddlebot.stores.overlay_pushes import push
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

EVENTS = {"success": True, "response_action": "control", "control": "events"}
"""Pages that are open ask what is listed now."""
_DEED = "What OBS shows"


def list_events(edit: Edit, asker: Asker, *, lines: int, now: datetime, call: str = "") -> int:
    """So many of the last are listed from now on. Raises Refusal."""
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted = check_lines(lines)
    edit.hold(asker.community)
    kept = EventLists(edit, asker.community)
    if kept.find() != wanted:
        kept.put(wanted)
        _tell(edit, asker, now=now, call=call)
    return wanted


def hide_events(edit: Edit, asker: Asker, *, now: datetime, call: str = "") -> None:
    """None is listed any more. Raises Refusal: none is."""
    asker.check_everywhere(Role.MODERATOR, _DEED)
    edit.hold(asker.community)
    kept = EventLists(edit, asker.community)
    if kept.find() is None:
        words = f"Events are not listed. List them: {say_command('overlay events on')}"
        raise Refusal(words, code="EVENTS_NOT_LISTED")
    kept.remove()
    _tell(edit, asker, now=now, call=call)


def _tell(edit: Edit, asker: Asker, *, now: datetime, call: str) -> None:
    named = call or f"events-{uuid.uuid4().hex}"
    push(edit, asker.community, OverlaySource.GENERAL, EVENTS, call=named, now=now)
