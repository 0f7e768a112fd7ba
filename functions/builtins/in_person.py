"""What people say themselves, and no program with a key of theirs: it would outlast the key."""

from __future__ import annotations

from waddlebot.domain.errors import Refusal
from waddlebot.domain.events import Caller
from waddlebot.domain.sessions import Session


def check_in_person(session: Session, otherwise: str) -> None:
    """Raises Refusal: the line came with a person's own key; `otherwise` says what to do."""
    way_back = session.event.way_back
    if isinstance(way_back, Caller) and way_back.own_key:
        raise Refusal(otherwise)
