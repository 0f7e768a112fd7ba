"""The id of a button, a menu or a form: `module:action:context:` and a signed tail.

Nothing is kept for it. The tail says until when it is good, for which community, what role is
needed and whether the asking person alone may; its signature binds all that, the place, and that
person. 100 characters are the most that Discord takes ("Component reference", `custom_id`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import MessageType
from waddlebot_sdk.roles import Role

MOST_CHARACTERS = 100
_TAIL = struct.Struct(">BIi4s")
"""Marks, the minute in which it ends, the community, and which offer it is of."""
_SIGNATURE_BYTES = 12
_MINUTE = 60
_LAST_MINUTE = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp()) // _MINUTE
"""What ends later than any calendar is nobody's."""
_ROLES = tuple(Role)


class Kind(IntEnum):
    """OPEN is the button that opens a form."""

    BUTTON = 0
    MENU = 1
    FORM = 2
    OPEN = 3


_COMES_AS = {
    Kind.BUTTON: MessageType.BUTTON_CLICK,
    Kind.MENU: MessageType.SELECT_MENU,
    Kind.FORM: MessageType.MODAL_SUBMIT,
    Kind.OPEN: MessageType.BUTTON_CLICK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What an id says. `offer` are four bytes, the same for all that was offered together.

    `alone`: it was shown to one person, wherever that was: no place binds it, but that person.
    """

    module: str
    action: str
    context: str
    kind: Kind
    role: Role
    asker_alone: bool
    once: bool
    alone: bool = False
    ends_at: datetime
    community: CommunityId
    offer: bytes

    @property
    def comes_as(self) -> MessageType:
        return _COMES_AS[self.kind]


def sign_press(press: Press, key: str, entity: EntityId, user: str) -> str:
    """Its id in this place, for whatever `user` asked for it."""
    said, tail = f"{press.module}:{press.action}:{press.context}", _tail_of(press)
    place = "" if press.alone else entity
    signature = _signature(said, tail, key, place, user if press.asker_alone else "")
    return f"{said}:{base64.urlsafe_b64encode(tail + signature).rstrip(b'=').decode()}"


def read_press(custom_id: str) -> Press | None:
    """What it says of itself, which whoever wrote it may have made up; None where it is no id."""
    parts = custom_id.split(":")
    if len(parts) != 4 or len(custom_id) > MOST_CHARACTERS:
        return None
    tail = _bytes_of(parts[3])[:-_SIGNATURE_BYTES]
    if len(tail) != _TAIL.size:
        return None
    marks, minute, community, offer = _TAIL.unpack(tail)
    if minute > _LAST_MINUTE:
        return None
    return Press(
        module=parts[0],
        action=parts[1],
        context=parts[2],
        kind=Kind(marks & 3),
        role=_ROLES[marks >> 4 & 3],
        asker_alone=bool(marks & 4),
        once=bool(marks & 8),
        alone=bool(marks & 64),
        ends_at=datetime.fromtimestamp(minute * _MINUTE, UTC),
        community=CommunityId(community),
        offer=offer,
    )


def is_ours(custom_id: str, press: Press, key: str, entity: EntityId, user: str) -> bool:
    """Whether this house made it for this place, and where it is for one person for this one."""
    return bool(key) and hmac.compare_digest(
        custom_id.encode(), sign_press(press, key, entity, user).encode()
    )


def _tail_of(press: Press) -> bytes:
    marks = (
        press.kind
        | press.asker_alone << 2
        | press.once << 3
        | press.role.rank << 4
        | press.alone << 6
    )
    minute = -(-int(press.ends_at.timestamp()) // _MINUTE)
    return _TAIL.pack(marks, minute, press.community, press.offer)


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _signature(said: str, tail: bytes, key: str, place: str, user: str) -> bytes:
    about = f"press\0{said}\0{place}\0{user}\0".encode() + tail
    return hmac.digest(key.encode(), about, hashlib.sha256)[:_SIGNATURE_BYTES]
