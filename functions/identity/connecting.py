"""Connecting a service in the browser: who may let the bot in there does, and its token is kept.

GET /connect                       what can be connected
GET /connect/{service}             to the service, over a page where it has something to choose
GET /connect/{service}/callback    and back, with a page that says what was connected
POST /connect/{service}/end        a form of whoever connected it, or owns its community
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from secrets import compare_digest
from typing import Protocol

from functions.identity.coming_back import no_code, not_begun
from functions.identity.connect_pages import (
    ConnectedShown,
    Mine,
    Offer,
    connect_page,
    connected_page,
    offer_page,
)
from functions.identity.owning import Owning
from functions.identity.slack_installing import find_slack
from functions.identity.twitch_allowing import find_twitch
from functions.identity.visits import LOGIN, Response, Visit, offered, page, redirect
from waddlebot.decisions.connections import disconnect, find_connections
from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import ADMIN, BOT, CHANNEL, HOUSE, Connection, Owner, Tokens
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.outside import signing_in
from waddlebot.outside.driving import revoke
from waddlebot.outside.revoking import revoke_all
from waddlebot.outside.slack_workspaces import slack_renewer
from waddlebot.outside.token_calls import TokenCalls
from waddlebot.platforms import find_abilities
from waddlebot.platforms.renewing import Renewer
from waddlebot.platforms.slack.installing import LentToken, SlackApp
from waddlebot.platforms.twitch.renewing import TwitchRenewer
from waddlebot.runtime.logs import Category
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.runtime.resources import Resources
from waddlebot.stores.claims import Claims
from waddlebot.stores.connections import EndedConnection, OpenedConnection
from waddlebot.stores.connections_in_reach import Owned
from waddlebot.stores.lent_rights import communities_in
from waddlebot.stores.logins import BEGUN_SECONDS, Login, Logins, NotBegun
from waddlebot.stores.places import Places
from waddlebot.stores.revocations import Revocations
from waddlebot.stores.sealing import SealLost
from waddlebot.stores.slack_organisations import keep_workspaces
from waddlebot.stores.versions import Edit, Versions, editing

BEGUN = "connect"
"""Of a browser, and before the service's name of what was begun: no sign-in ends it."""
REVOKE_SECONDS = 4.0


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


class ServiceConnecting(Protocol):
    """How one service is connected; both methods raise Rejected and Unavailable.

    `chosen` are scopes of what it has to `offer`; without an offer nobody is asked.
    """

    @property
    def offer(self) -> Offer | None: ...
    def address(self, back: str, *, state: str, verifier: str, chosen: Collection[str]) -> str: ...
    def come_back(self, back: str, *, code: str, verifier: str) -> Granted: ...


@dataclass(frozen=True, slots=True)
class ConnectRoom:
    """Methods raise Rejected (404 where a service is not set up) and Unavailable."""

    resources: Resources
    variables: Mapping[str, str]

    def services(self) -> dict[str, ServiceConnecting]:
        """None without the key that seals: what a service gave could not be kept."""
        if not self.variables.get(SEAL_KEY):
            return {}
        found: dict[str, ServiceConnecting | None] = {
            "slack": find_slack(self.variables),
            "twitch": find_twitch(self.variables, token_calls()),
        }
        return {name: one for name, one in found.items() if one}

    def choose(self, visit: Visit, *, said: str = "", status: int = 200) -> Response:
        login = self._login(visit)
        mine = self._mine(login) if login else None
        return page(connect_page(sorted(self.services()), mine=mine, said=said), status=status)

    def choose_again(self, visit: Visit | None, *, said: str, status: int) -> Response:
        """After something was refused; whose page it is may be what nobody can say."""
        with suppress(Unavailable):
            if visit:
                return self.choose(visit, said=said, status=status)
        shown = connect_page(offered(self.services), said=said, offers_sign_in=False)
        return page(shown, status=status)

    def begin(self, visit: Visit) -> Response:
        installing, verifier = self._installing(visit), signing_in.new_verifier()
        if where := visit.sent_on(f"/connect/{visit.service}"):
            return redirect(where)
        offer = installing.offer
        if offer and not visit.query("go"):
            return page(offer_page(visit.service, offer), leads_to=offer.leads_to)
        chosen = [scope for scope in offer.optional if visit.query(scope)] if offer else ()
        begun = self._logins.begin(
            f"{BEGUN}:{visit.service}", verifier, login="", browser=visit.cookie(BEGUN)
        )
        where = installing.address(
            _back(visit), state=begun.state, verifier=verifier, chosen=chosen
        )
        return redirect(where, visit.keeps(BEGUN, begun.browser, BEGUN_SECONDS))

    def come_back(self, visit: Visit) -> Response:
        installing = self._installing(visit)
        begun = self._logins.end(
            visit.query("state"), visit.cookie(BEGUN), platform=f"{BEGUN}:{visit.service}"
        )
        if isinstance(begun, NotBegun):
            return self.choose(visit, said=not_begun(begun), status=400)
        name, code = find_abilities(visit.service).name, visit.query("code")
        if not code:
            words = no_code(visit, name, "Nothing was connected")
            return self.choose(visit, said=words, status=400)
        granted = installing.come_back(_back(visit), code=code, verifier=begun.verifier)
        kept = self._keep(visit.service, granted)
        visit.log.info(
            "connected",
            category=Category.AUDIT,
            service=kept.service,
            account=kept.account,
            missing=granted.missing,
        )
        shown = ConnectedShown(
            service=name, name=granted.name, missing=granted.missing, next_step=granted.next_step
        )
        return page(connected_page(shown))

    def end(self, visit: Visit) -> Response:
        """Raises Refusal: it is not theirs. What is wiped here is revoked there."""
        form, login = visit.form(), self._login(visit)
        if login is None or not compare_digest(form.get("csrf", "").encode(), login.csrf.encode()):
            raise Rejected(403, "NOT_FROM_HERE", "You were signed out meanwhile. Sign in again.")
        account, owned = Account(login.platform, login.user_id), self._owned(login)
        with self._editing(by=account.key) as edit:
            ended = disconnect(
                edit,
                account,
                service=visit.service,
                account=form.get("account", ""),
                kind=form.get("kind", ""),
                owned=owned,
            )
        left = self._give_back(ended)
        for one in ended:
            gone = one.connection
            visit.log.info(
                "disconnected",
                category=Category.AUDIT,
                service=gone.service,
                account=gone.account,
                kind=gone.kind,
            )
        return self.choose(visit, said=_ended_words(ended[0].connection, left))

    def _give_back(self, ended: Sequence[EndedConnection]) -> Sequence[Connection]:
        """What its service did not hear of: a gateway goes on asking it."""
        connections = self.resources.connections
        doomed = [
            (one.connection, tokens) for one in ended if (tokens := connections.tokens_of(one))
        ]
        left = revoke_all(doomed, self._renewers(), token_calls().ask, seconds=REVOKE_SECONDS)
        for connection, _ in doomed:
            if connection not in left:
                Revocations(self.resources.postgres, self.resources.seal).end(connection)
        return left

    def _keep(self, service: str, granted: Granted) -> Connection:
        """With the community that it is for, which is founded where nobody spoke there yet."""
        connections = self.resources.connections
        connection = Connection(
            service=service,
            account=granted.account,
            kind=granted.kind,
            owner=HOUSE,
            scopes=granted.scopes,
            expires_at=granted.expires_at,
            name=granted.name,
            connected_by=Account(service, granted.by).key if granted.by else "",
        )
        before = self._before(service, granted.account, granted.kind)
        lent_before = self._before(service, granted.account, ADMIN)
        with self._editing(by=connection.connected_by or f"{service}:{granted.account}") as edit:
            if granted.home:
                owner = Owner.of_community(_community(Places(edit), granted))
                connection = replace(connection, owner=owner)
            keep_workspaces(edit.connection, granted.account, granted.workspaces)
            kept = connections.keep(connection, granted.tokens)
            if granted.lent:
                connections.keep(_lent_by(connection, granted.lent), granted.lent.tokens)
                edit.touch(communities_in(edit.connection, service, granted.account))
        if before and granted.kind == CHANNEL:
            # Of Slack they may be the same: it gives an app one token a workspace.
            self._revoke(service, before.tokens)
        if granted.lent and lent_before and _is_anothers(lent_before.connection, connection):
            self._revoke(service, lent_before.tokens)
        return kept

    def _before(self, service: str, account: str, kind: str) -> OpenedConnection | None:
        """What is replaced; what does not open is replaced as well."""
        with suppress(SealLost):
            return self.resources.connections.opened(service, account, kind=kind)
        return None

    def _revoke(self, service: str, tokens: Tokens | None) -> None:
        renewer = self._renewers().get(service)
        if renewer and tokens and tokens.access:
            revoke(token_calls().ask, renewer, tokens, seconds=REVOKE_SECONDS)

    def _renewers(self) -> Mapping[str, Renewer]:
        app, twitch = SlackApp.find(self.variables), TwitchRenewer.find(self.variables)
        found = {"slack": slack_renewer(app) if app else None, "twitch": twitch}
        return {name: one for name, one in found.items() if one}

    def _mine(self, login: Login) -> Mine:
        found = self._connections_of(login)
        channels = [one.account for one in found if one.kind == CHANNEL and one.is_connected]
        waiting = Claims(self.resources.postgres).waiting("twitch", channels) if channels else ()
        return Mine(connections=found, csrf=login.csrf, waiting=waiting)

    def _connections_of(self, login: Login) -> Sequence[Connection]:
        account, owned = Account(login.platform, login.user_id), self._owned(login)
        with self._editing(by=account.key) as edit:
            return find_connections(edit, account, owned)

    def _owned(self, login: Login) -> Sequence[Owned]:
        owning = Owning(resources=self.resources, variables=self.variables, ask=token_calls().ask)
        return owning.of(login)

    def _login(self, visit: Visit) -> Login | None:
        secret = visit.cookie(LOGIN)
        return self._logins.find(secret) if secret else None

    def _editing(self, *, by: str) -> AbstractContextManager[Edit]:
        return editing(self.resources.postgres, Versions(self.resources.cache), by=by)

    def _installing(self, visit: Visit) -> ServiceConnecting:
        found = self.services().get(visit.service)
        if found is None:
            raise Rejected(404, "NOT_FOUND", "Connecting that is not set up here.")
        return found

    @property
    def _logins(self) -> Logins:
        return Logins(self.resources.cache)


@cache
def token_calls() -> TokenCalls:
    return TokenCalls()


def _lent_by(bot: Connection, lent: LentToken) -> Connection:
    """It is of the person who lent it, and erased with them."""
    return replace(
        bot,
        kind=ADMIN,
        owner=Owner.of_person(Account.read(bot.connected_by)),
        scopes=lent.scopes,
        expires_at=lent.expires_at,
    )


def _is_anothers(lent: Connection, now: Connection) -> bool:
    """Nobody deletes with it any more. Of the same person it may be the same token."""
    return lent.connected_by != now.connected_by


def _ended_words(gone: Connection, left: Sequence[Connection]) -> str:
    name = gone.name or gone.account
    done = f"{name} is disconnected."
    if gone.kind == ADMIN:
        done = f"Nothing is done in your name in {name} any more."
    if not left:
        return done
    service = find_abilities(gone.service).name or gone.service
    return (
        f"{done} {service} does not answer, so it does not know that yet: I go on telling it, for "
        "a day."
    )


def _community(places: Places, granted: Granted) -> CommunityId:
    """The one that it belongs to by now."""
    if granted.login:
        return places.open(EntityId(granted.home), login=granted.login)
    return places.of_home(granted.home)


def _back(visit: Visit) -> str:
    return f"{visit.address.base}/connect/{visit.service}/callback"
