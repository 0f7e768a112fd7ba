"""Private talk: it belongs to no community, and acts in one of those that its person is in."""

from __future__ import annotations

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.sessions import Community, Session

NOWHERE = Community(id=CommunityId(-1), name="private talk", version="", keep_days=0)
"""Where private lines stand until it is settled which community they act in; it has no row."""

_PERSONAL = frozenset({"help", "identity", "keys", "privacy", "private", "why"})
_OF_ONES_OWN = frozenset({"identity", "keys", "privacy", "private"})


def is_nowhere(session: Session) -> bool:
    return session.community.id == NOWHERE.id


def is_personal(module: str) -> bool:
    """Whether its commands are about the person alone, and need no community."""
    return module in _PERSONAL


def is_of_ones_own(module: str) -> bool:
    """Whether its commands decide about accounts and data of whoever types them, and nobody else's:
    no word that somebody else made up may stand for them.
    """
    return module in _OF_ONES_OWN
