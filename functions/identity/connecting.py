"""Connecting a service in the browser: who may let the bot in there does, and its token is kept.

GET /connect                       what can be connected
GET /connect/{service}             to the service, over a page where it has something to choose
GET /connect/{service}/callback    and back, with a page that says what was connected
POST /connect/{service}/end        a form of whoever connected it, or owns its community
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
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
from functions.identity.slack_installing import find_slack
from functions.identity.twitch_allowing import find_twitch
from functions.identity.visits import LOGIN, Response, Visit, page, redirect
from waddlebot.decisions.connections import disconnect, find_connections
from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import BOT, CHANNEL, HOUSE, Connection, Owner, Tokens
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.outside import signing_in
from waddlebot.outside.driving import revoke
from waddlebot.outside.slack_workspaces import slack_renewer
from waddlebot.outside.token_calls import TokenCalls
from waddlebot.platforms import find_abilities
from waddlebot.platforms.renewing import Renewer
from waddlebot.platforms.slack.installing import SlackApp
from waddlebot.platforms.twitch.renewing import TwitchRenewer
from waddlebot.runtime.logs import Category
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.runtime.resources import Resources
from waddlebot.stores.claims import Claims
from waddlebot.stores.logins import BEGUN_SECONDS, Login, Logins, NotBegun
from waddlebot.stores.places import Places
from waddlebot.stores.slack_organisations import keep_workspaces
from waddlebot.stores.versions import Edit, Versions, editing

BEGUN = "connect"
"""Of a browser, and before the service's name of what was begun: no sign-in ends it."""
ROUTES = frozenset(
    {
        "GET /connect",
        "GET /connect/{service}",
        "GET /connect/{service}/callback",
        "POST /connect/{service}/end",
    }
)
REVOKE_SECONDS = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a service gave.

    `home` is the server or channel whose community it is for, empty where it is the house's; with
    `login` it is a channel, and its name in words.
    `missing` are scopes that were asked for and not given; `workspaces` those of an organisation.
    `by` is whoever gave it, by the service's own id.
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
    routes = ROUTES

    def services(self) -> dict[str, ServiceConnecting]:
        """None where nothing could be sealed: nobody shall learn that on their way back."""
        if not self.variables.get(SEAL_KEY):
            return {}
        found: dict[str, ServiceConnecting | None] = {
            "slack": find_slack(self.variables),
            "twitch": find_twitch(self.variables, token_calls()),
        }
        return {name: one for name, one in found.items() if one}

    def choose(self, visit: Visit | None, *, said: str = "", status: int = 200) -> Response:
        login = self._login(visit) if visit else None
        mine = self._mine(login) if login else None
        return page(connect_page(sorted(self.services()), mine=mine, said=said), status=status)

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
        account = Account(login.platform, login.user_id)
        with self._editing(by=account.key) as edit:
            ended = disconnect(
                edit,
                account,
                service=visit.service,
                account=form.get("account", ""),
                kind=form.get("kind", ""),
            )
        gone = ended.connection
        visit.log.info(
            "disconnected", category=Category.AUDIT, service=gone.service, account=gone.account
        )
        self._revoke(gone.service, self.resources.connections.tokens_of(ended))
        return self.choose(visit, said=f"{gone.name or gone.account} is disconnected.")

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
        before = connections.opened(service, granted.account, kind=granted.kind)
        with self._editing(by=connection.connected_by or f"{service}:{granted.account}") as edit:
            if granted.home:
                owner = Owner.of_community(_community(Places(edit), granted))
                connection = replace(connection, owner=owner)
            keep_workspaces(edit.connection, granted.account, granted.workspaces)
            kept = connections.keep(connection, granted.tokens)
        if before and granted.kind == CHANNEL:
            # Of Slack they may be the same: it gives an app one token a workspace.
            self._revoke(service, before.tokens)
        return kept

    def _revoke(self, service: str, tokens: Tokens | None) -> None:
        renewer = self._renewers().get(service)
        if renewer and tokens and tokens.access:
            revoke(token_calls().ask, renewer, tokens, seconds=REVOKE_SECONDS)

    def _renewers(self) -> Mapping[str, Renewer]:
        app, twitch = SlackApp.find(self.variables), TwitchRenewer.find(self.variables)
        found = {"slack": slack_renewer(app) if app else None, "twitch": twitch}
        return {name: one for name, one in found.items() if one}

    def _mine(self, login: Login) -> Mine:
        account = Account(login.platform, login.user_id)
        with self._editing(by=account.key) as edit:
            found = find_connections(edit, account)
        channels = [one.account for one in found if one.kind == CHANNEL and one.is_connected]
        waiting = Claims(self.resources.postgres).waiting("twitch", channels) if channels else ()
        return Mine(connections=found, csrf=login.csrf, waiting=waiting)

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


def _community(places: Places, granted: Granted) -> CommunityId:
    """Of a channel it is the one that it belongs to by now; a server may have several places."""
    if granted.login:
        return places.open(EntityId(granted.home), login=granted.login)
    return places.of_home(granted.home)


def _back(visit: Visit) -> str:
    return f"{visit.address.base}/connect/{visit.service}/callback"
