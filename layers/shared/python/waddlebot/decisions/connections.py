"""Whoever connected something ends it again, and so do the owners of the community that it is of.

No part of a community: nobody connects by a text, and its tokens stand in none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import ADMIN, BOT, Connection, OwnerKind
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Because, Refusal
from waddlebot.stores.connections import EndedConnection, end_connection
from waddlebot.stores.connections_in_reach import Owned, connections_within_reach
from waddlebot.stores.lent_rights import communities_in
from waddlebot.stores.revocations import keep_to_revoke
from waddlebot.stores.versions import Edit


def find_connections(
    edit: Edit, asker: Account, owned: Collection[Owned] = ()
) -> Sequence[Connection]:
    """Those that this person may end, in whichever state; `owned` is theirs as the service says."""
    return connections_within_reach(edit.connection, asker, owned)


def disconnect(
    edit: Edit,
    asker: Account,
    *,
    service: str,
    account: str,
    kind: str,
    owned: Collection[Owned] = (),
) -> Sequence[EndedConnection]:
    """Nobody speaks with it from here on; its tokens stay, sealed, until they were revoked.

    Where the bot goes, what an admin lent it there goes too, behind it.
    Raises Refusal: it is not theirs, or was ended already.
    """
    wanted = (service, account, kind)
    theirs = find_connections(edit, asker, owned)
    found = next((one for one in theirs if _name(one) == wanted), None)
    if found is None:
        words = (
            "Only who connected that, or an owner of it or its community, can end it. Sign in with "
            "the account that connected it."
        )
        raise Refusal(words, Because.MAY_NOT, code="NOT_YOURS")
    ended = end_connection(edit.connection, service, account, kind=kind)
    if ended is None:
        words = f"{found.name or account} is not connected any more."
        raise Refusal(words, Because.UNKNOWN, code="NOT_CONNECTED")
    lent = end_connection(edit.connection, service, account, kind=ADMIN) if kind == BOT else None
    edit.touch(communities_in(edit.connection, service, account))
    if found.owner.kind is OwnerKind.COMMUNITY:
        about = f"{service}:{account}"
        before = {"kind": kind, "name": found.name}
        edit.note("end connection", about, CommunityId(int(found.owner.id)), before=before)
    return [keep_to_revoke(edit.connection, one) for one in (ended, lent) if one]


def _name(one: Connection) -> tuple[str, str, str]:
    return one.service, one.account, one.kind
