"""What is pressed, chosen or sent goes to the module that offered it, and to nobody else."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event, MessageType, texts_of
from waddlebot.domain.matches import Match
from waddlebot.domain.sessions import Session
from waddlebot.domain.signed_presses import Kind, Press, is_ours, read_press
from waddlebot.domain.triggers import (
    DOUBLE_CLICK_SECONDS,
    ComponentTrigger,
    Destination,
    EventTrigger,
)
from waddlebot.domain.verdicts import Reason
from waddlebot.stores.offered import Choices, Pickable, WaitingOffers
from waddlebot_sdk.asks import MOST_MINUTES

PRESSED = frozenset({MessageType.BUTTON_CLICK, MessageType.SELECT_MENU, MessageType.MODAL_SUBMIT})
FORM_OPENED = "form_opened"
"""What the built-in `forms` is told: somebody pressed the button that opens a form."""
FORMS = "forms"
PICK = "!pick"
REMEMBERED_SECONDS = MOST_MINUTES * 60

Key = Callable[[], str]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """What came back: `values` of a menu, `fields` of a form by their names."""

    id: str
    comes_as: MessageType
    values: Sequence[str] = ()
    fields: Mapping[str, str] | None = None


def community_pressed(event: Event) -> CommunityId | None:
    """Where something acts that is pressed in private talk; whether it is ours is seen there."""
    press = read_press(str(event.data.get("custom_id") or "")) if event.type in PRESSED else None
    return press.community if press else None


def find_pressed(session: Session, table: CommandTable, key: Key) -> list[Match]:
    """One match: the module's that offered it, or one that says what is wrong.

    `key` may have to be asked for. Raises Unavailable.
    """
    data = session.event.data
    answered = CameBack(
        id=str(data.get("custom_id") or ""),
        comes_as=session.event.type,
        values=texts_of(data.get("values")),
        fields=_fields(data.get("fields")),
    )
    return [_match_of(session, table, answered, key())]


def pick(
    matches: list[Match], offered: WaitingOffers, tables: Mapping[str, CommandTable], key: Key
) -> list[Match]:
    """The same, where `!pick 2` stands for the second of what was offered last in its place."""
    picked = [match for match in matches if match.trigger.id == PICK]
    if not picked:  # as in nearly all batches
        return matches
    try:
        found = offered.find_choices([_whose(match.session) for match in picked])
    except Unavailable:
        log.warning("cache server did not answer")
        return matches
    meant = {
        (match.session.id, match.step): _picked(match, found[number], tables, key())
        for number, match in enumerate(picked)
        if number in found
    }
    return [
        meant.get((match.session.id, match.step)) or match if match.trigger.id == PICK else match
        for match in matches
    ]


def _whose(session: Session) -> tuple[Any, str]:
    return session.event.entity, session.event.user.id if session.event.user else ""


def _picked(
    match: Match, found: Choices, tables: Mapping[str, CommandTable], key: str
) -> Match | None:
    typed = match.text.strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    if not 1 <= number <= len(found.choices):
        return None
    choice: Pickable = found.choices[number - 1]
    comes_as = MessageType.SELECT_MENU if choice.values else MessageType.BUTTON_CLICK
    answered = CameBack(id=choice.id, comes_as=comes_as, values=choice.values)
    return _match_of(match.session, tables[match.session.commands_version], answered, key)


def _match_of(session: Session, table: CommandTable, answered: CameBack, key: str) -> Match:
    press = read_press(answered.id)
    if press is None or not _is_good(press, session, answered, key):
        return Match(session=session, trigger=_refused(Reason.FORGED))
    listener = _listener(press, table)
    if listener is None or press.ends_at <= datetime.now(UTC):
        return Match(session=session, trigger=_refused(Reason.EXPIRED))
    return Match(session=session, trigger=_trigger(press, listener, answered))


def _is_good(press: Press, session: Session, answered: CameBack, key: str) -> bool:
    event = session.event
    return (
        press.comes_as is answered.comes_as
        and press.community == session.community.id
        and event.user is not None
        and is_ours(answered.id, press, key, event.entity, event.user.id)
    )


def _listener(press: Press, table: CommandTable) -> EventTrigger | None:
    """A community function needs no other leave to hear it than the one to be typed."""
    if press.kind is Kind.OPEN:
        return _of_forms(FORM_OPENED)
    heard = (one for one in table.listeners(press.comes_as) if one.module == press.module)
    return next(heard, None)


def _of_forms(event_type: str) -> EventTrigger:
    return EventTrigger(
        id=f"{FORMS}:on:{event_type}",
        module=FORMS,
        destination=Destination(engine="builtin", location=FORMS),
        event_type=event_type,
    )


def _refused(why: Reason) -> ComponentTrigger:
    return _component(_of_forms("press"), wrong=why)


def _trigger(press: Press, listener: EventTrigger, answered: CameBack) -> ComponentTrigger:
    offer = press.offer.hex()
    chosen = _mark_of(answered.values)
    what = "" if press.once else f":{press.kind}:{press.action}:{press.context}{chosen}"
    return _component(
        listener,
        role=press.role,
        data={
            "action": press.action,
            "context": press.context,
            "values": list(answered.values),
            "fields": dict(answered.fields or {}),
        },
        offer=f"{offer}{what}",
        once=press.once,
        once_seconds=_once_in(press),
    )


def _mark_of(values: Sequence[str]) -> str:
    """Who chooses another option at once has not clicked twice."""
    told = hashlib.blake2b("\0".join(values).encode("utf-8", "replace"), digest_size=6)
    return f":{told.hexdigest()}" if values else ""


def _once_in(press: Press) -> int:
    """A form may be opened again and again, and is sent once."""
    if press.kind is Kind.OPEN:
        return 0
    is_for_good = press.once or press.kind is Kind.FORM
    return REMEMBERED_SECONDS if is_for_good else DOUBLE_CLICK_SECONDS


def _component(listener: EventTrigger, **more: Any) -> ComponentTrigger:
    told = {one.name: getattr(listener, one.name) for one in fields(listener)}
    return ComponentTrigger(**{**told, **more, "consumes": True})


def _fields(told: object) -> dict[str, str]:
    """Slack has no word for a field that was left empty; callers of the API may send anything."""
    if not isinstance(told, Mapping):
        return {}
    return {name: value if isinstance(value, str) else "" for name, value in told.items()}
