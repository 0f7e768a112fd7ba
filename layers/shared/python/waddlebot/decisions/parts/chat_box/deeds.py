"""A community shows its chat in OBS, or does no more."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.domain.chat_box import MOST_PLACES, ChatBox
from waddlebot.domain.entities import EntityId, is_whole_server, platform_of
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.chat_boxes import ChatBoxes
from waddlebot.stores.overlay_pushes import push
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

CHAT = {"success": True, "response_action": "control", "control": "chat"}
"""Pages that are open ask what is shown of it now."""
_DEED = "What OBS shows"
READ_BY_ALL = frozenset({"twitch"})


def show_chat(
    edit: Edit,
    asker: Asker,
    *,
    places: Sequence[EntityId] = (),
    commands: bool | None = None,
    more: bool = False,
    now: datetime,
    call: str = "",
) -> ChatBox:
    """As it is shown now: these places, and of Twitch all unless one of them is named.

    `more`: beside those that are shown already. Commands are shown as before where that is not
    said, at first not.

    Raises Refusal.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    edit.hold(asker.community)
    kept = ChatBoxes(edit, asker.community)
    there = kept.find()
    shown = there.places if there else frozenset[EntityId]()
    if len({*places}) > MOST_PLACES:  # before each is looked up
        raise _too_many()
    found = {_channel(edit, asker, one, shown) for one in places}
    if more:
        found |= shown
    if len(found) > MOST_PLACES:
        raise _too_many()
    usual = there.commands if there else False
    box = ChatBox(places=frozenset(found), commands=usual if commands is None else commands)
    if box != there:
        kept.put(box)
        _tell(edit, asker, now=now, call=call)
    return box


def hide_chat(edit: Edit, asker: Asker, *, now: datetime, call: str = "") -> None:
    """Nothing of it is shown any more. Raises Refusal: it is not shown."""
    asker.check_everywhere(Role.MODERATOR, _DEED)
    edit.hold(asker.community)
    kept = ChatBoxes(edit, asker.community)
    if kept.find() is None:
        words = f"The chat is not shown. Show it: {say_command('overlay chat on')}"
        raise Refusal(words, code="CHAT_NOT_SHOWN")
    kept.remove()
    _tell(edit, asker, now=now, call=call)


def _too_many() -> Refusal:
    words = f"At most {MOST_PLACES} places are shown in one chat."
    return Refusal(words, Because.WRONG, code="TOO_MANY_PLACES", field="places")


def _tell(edit: Edit, asker: Asker, *, now: datetime, call: str) -> None:
    named = call or f"chat-{uuid.uuid4().hex}"
    push(edit, asker.community, OverlaySource.GENERAL, CHAT, call=named, now=now)


def _channel(edit: Edit, asker: Asker, name: EntityId, shown: frozenset[EntityId]) -> EntityId:
    """Not everybody of a server may read each of its channels, and OBS shows it to all: who writes
    there reads it, and who decides for all of the community may.
    """
    found = find_place(edit, asker, name)
    if is_whole_server(found):
        words = f"{name[:80]} is a whole server: name one of its channels."
        raise Refusal(words, Because.WRONG, code="UNKNOWN_PLACE", field="place")
    if found != asker.entity and found not in shown and platform_of(found) not in READ_BY_ALL:
        asker.check_everywhere(Role.ADMIN, "Showing a channel from outside of it")
    return found
