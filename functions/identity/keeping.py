"""What a service gave is kept, sealed, or given back: nobody has a right that nobody keeps.

What another token takes the place of is given back, too, until its service has heard of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime

from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import ADMIN, BOT, CHANNEL, HOUSE, Connection, Owner, Tokens
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.outside.driving import Ask
from waddlebot.outside.revoking import revoke_all
from waddlebot.platforms import find_abilities
from waddlebot.platforms.renewing import Renewer
from waddlebot.platforms.slack.installing import LentToken
from waddlebot.runtime.resources import Resources
from waddlebot.stores.connections import EndedConnection
from waddlebot.stores.lent_rights import communities_in
from waddlebot.stores.places import Places
from waddlebot.stores.revocations import Revocations, set_aside
from waddlebot.stores.sealing import SealLost
from waddlebot.stores.slack_organisations import keep_workspaces
from waddlebot.stores.versions import Edit, Versions, editing

REVOKE_SECONDS = 4.0
GIVE_BACK_SECONDS = 2.0
"""Less: the function has fifteen, and waited for a database, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a service gave.

    `home` is the server or channel whose community it is for, empty where it is the house's; with
    `login` it is a channel, and its name in words.
    `missing` are scopes that were asked for and not given; `workspaces` those of an organisation.
    `by` is whoever gave it, by the service's own id; `lent` is what is done in their name besides.
    """

    account: str
    name: str
    home: str
    scopes: frozenset[str]
    expires_at: datetime | None
    tokens: Tokens = field(repr=False)
    missing: tuple[str, ...]
    next_step: str
    workspaces: tuple[str, ...] = ()
    kind: str = BOT
    login: str = ""
    by: str = ""
    lent: LentToken | None = None


@dataclass(frozen=True, slots=True)
class Keeping:
    """`renewers` by service: they know how its tokens are given back."""

    resources: Resources
    renewers: Mapping[str, Renewer]
    ask: Ask = field(repr=False)

    def keep(self, service: str, granted: Granted) -> Connection:
        """With the community that it is for, which is founded where nobody spoke there yet.

        Raises Unavailable, and SealLost, which is one: then nothing is kept, unless the answer of
        the commit was lost.
        """
        connections, connection = self.resources.connections, _connection(service, granted)
        with self._editing(by=connection.connected_by or f"{service}:{granted.account}") as edit:
            if granted.home:
                owner = Owner.of_community(_community(Places(edit), granted))
                connection = replace(connection, owner=owner)
            keep_workspaces(edit.connection, granted.account, granted.workspaces)
            replaced = self._set_aside(edit, connection, granted)
            kept = connections.keep(connection, granted.tokens)
            if granted.lent:
                connections.keep(_lent_by(connection, granted.lent), granted.lent.tokens)
                edit.touch(communities_in(edit.connection, service, granted.account))
        self.revoke(replaced)
        return kept

    def give_back(self, service: str, granted: Granted) -> bool:
        """What could not be kept. False where something of it may still be good at the service."""
        connection = _connection(service, granted)
        doomed = []
        if granted.kind == CHANNEL or not self._may_stand(connection):
            doomed.append((connection, granted.tokens))
        if granted.lent and not self._may_stand(replace(connection, kind=ADMIN)):
            doomed.append((connection, granted.lent.tokens))
        left = revoke_all(doomed, self.renewers, self.ask, seconds=GIVE_BACK_SECONDS)
        return not left and len(doomed) == 1 + bool(granted.lent)

    def revoke(self, ended: Sequence[EndedConnection]) -> Sequence[Connection]:
        """What its service did not hear of: a gateway goes on asking it."""
        tokens_of = self.resources.connections.tokens_of
        doomed = [(one.connection, tokens) for one in ended if (tokens := tokens_of(one))]
        left = revoke_all(doomed, self.renewers, self.ask, seconds=REVOKE_SECONDS)
        for connection, _ in doomed:
            if connection not in left:
                Revocations(self.resources.postgres, self.resources.seal).end(connection)
        return left

    def _set_aside(
        self, edit: Edit, connection: Connection, granted: Granted
    ) -> Sequence[EndedConnection]:
        # Of Slack's bot they may be the same: it gives an app one token a workspace.
        kinds = [CHANNEL] if granted.kind == CHANNEL else [ADMIN] if granted.lent else []
        found = [
            set_aside(
                edit.connection,
                connection.service,
                connection.account,
                kind=kind,
                by=connection.connected_by,
            )
            for kind in kinds
        ]
        return [one for one in found if one]

    def _may_stand(self, connection: Connection) -> bool:
        """Whether a token like this may be in use here: Slack gives an app the same one again."""
        try:
            found = self.resources.connections.find(
                connection.service, connection.account, kind=connection.kind
            )
        except Unavailable:
            return True
        if found is None or not found.is_connected:
            return False
        return connection.kind == BOT or found.connected_by == connection.connected_by

    def _editing(self, *, by: str) -> AbstractContextManager[Edit]:
        return editing(self.resources.postgres, Versions(self.resources.cache), by=by)


def not_kept_words(service: str, granted: Granted, away: Unavailable, *, given_back: bool) -> str:
    """For whoever allowed it; why nothing can be sealed is for the operator alone."""
    name = find_abilities(service).name or service
    why = f"{away}. Begin here again in a moment."
    if isinstance(away, SealLost):
        why = (
            "nothing can be connected here for now. Whoever runs this WaddleBot finds in its log "
            "what to do; begin here again when they have."
        )
    left = f"What you allowed at {name} was given back."
    if not given_back:
        left = (
            f"{name} may go on showing that you let me in; if you do not begin again, end it there."
        )
    return f"{granted.name} is not connected: {why} {left}"


def _connection(service: str, granted: Granted) -> Connection:
    return Connection(
        service=service,
        account=granted.account,
        kind=granted.kind,
        owner=HOUSE,
        scopes=granted.scopes,
        expires_at=granted.expires_at,
        name=granted.name,
        connected_by=Account(service, granted.by).key if granted.by else "",
    )


def _lent_by(bot: Connection, lent: LentToken) -> Connection:
    """It is of the person who lent it, and erased with them."""
    return replace(
        bot,
        kind=ADMIN,
        owner=Owner.of_person(Account.read(bot.connected_by)),
        scopes=lent.scopes,
        expires_at=lent.expires_at,
    )


def _community(places: Places, granted: Granted) -> CommunityId:
    """The one that it belongs to by now."""
    if granted.login:
        return places.open(EntityId(granted.home), login=granted.login)
    return places.of_home(granted.home)
