"""Connecting a service in the browser: who may let the bot in there does, and its token is kept.

GET /connect                       what can be connected
GET /connect/{service}             to the service, over a page where it has something to choose
GET /connect/{service}/callback    and back, with a page that says what was connected
POST /connect/{service}/end        a form of whoever connected it, or owns its community
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
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
from functions.identity.keeping import Granted, Keeping, not_kept_words
from functions.identity.owning import Owning
from functions.identity.slack_installing import find_slack
from functions.identity.twitch_allowing import find_twitch
from functions.identity.visits import LOGIN, Response, Visit, offered, page, redirect
from waddlebot.decisions.connections import disconnect, find_connections
from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import ADMIN, CHANNEL, Connection
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.outside import signing_in
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
from waddlebot.stores.connections_in_reach import Owned
from waddlebot.stores.logins import BEGUN_SECONDS, Login, Logins, NotBegun
from waddlebot.stores.sealing import SealLost
from waddlebot.stores.versions import Edit, Versions, editing

BEGUN = "connect"
"""Of a browser, and before the service's name of what was begun: no sign-in ends it."""


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
        try:
            kept = self._keeping.keep(visit.service, granted)
        except Unavailable as away:
            return self._not_kept(visit, granted, away)
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

    def _not_kept(self, visit: Visit, granted: Granted, away: Unavailable) -> Response:
        """Nothing stays at the service that nobody keeps, and the operator reads why."""
        given_back = self._keeping.give_back(visit.service, granted)
        log = visit.log.error if isinstance(away, SealLost) else visit.log.warning
        log("not connected", category=Category.ERROR, error=str(away), given_back=given_back)
        words = not_kept_words(visit.service, granted, away, given_back=given_back)
        return self.choose_again(visit, said=words, status=503)

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
        left = self._keeping.revoke(ended)
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

    @property
    def _keeping(self) -> Keeping:
        return Keeping(self.resources, self._renewers(), token_calls().ask)

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


def _back(visit: Visit) -> str:
    return visit.address.at(f"/connect/{visit.service}/callback")
