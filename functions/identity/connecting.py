"""Connecting a service in the browser: who may let the bot in there does, and its token is kept.

GET /connect                       what can be connected
GET /connect/{service}             to the service
GET /connect/{service}/callback    and back, with a page that says what was connected
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from functions.identity.connect_pages import ConnectedShown, connect_page, connected_page
from functions.identity.slack_installing import find_slack
from functions.identity.visits import Response, Visit, page, redirect
from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import HOUSE, Connection, Owner, Tokens
from waddlebot.domain.errors import Rejected
from waddlebot.outside import signing_in
from waddlebot.platforms import find_abilities
from waddlebot.runtime.logs import Category
from waddlebot.runtime.resources import Resources
from waddlebot.stores.logins import BEGUN_SECONDS, Logins
from waddlebot.stores.places import Places
from waddlebot.stores.slack_organisations import keep_workspaces
from waddlebot.stores.versions import Versions, editing

BEGUN = "connect"
"""Of a browser, and before the service's name of what was begun: no sign-in ends it."""
ROUTES = frozenset({"GET /connect", "GET /connect/{service}", "GET /connect/{service}/callback"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a service gave.

    `home` is the server or channel whose community it is for, empty where it is the house's.
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
    by: str = ""


class ServiceConnecting(Protocol):
    """How one service is connected; both methods raise Rejected and Unavailable."""

    def address(self, back: str, *, state: str, verifier: str) -> str: ...
    def come_back(self, back: str, *, code: str, verifier: str) -> Granted: ...


@dataclass(frozen=True, slots=True)
class ConnectRoom:
    """Methods raise Rejected (404 where a service is not set up) and Unavailable."""

    resources: Resources
    variables: Mapping[str, str]
    routes = ROUTES

    def services(self) -> dict[str, ServiceConnecting]:
        slack = find_slack(self.variables)
        return {"slack": slack} if slack else {}

    def choose(self, visit: Visit | None, *, said: str = "", status: int = 200) -> Response:
        del visit
        return page(connect_page(sorted(self.services()), said=said), status=status)

    def begin(self, visit: Visit) -> Response:
        installing, verifier = self._installing(visit), signing_in.new_verifier()
        begun = self._logins.begin(f"{BEGUN}:{visit.service}", verifier, login="")
        where = installing.address(_back(visit), state=begun.state, verifier=verifier)
        return redirect(where, visit.keeps(BEGUN, begun.browser, BEGUN_SECONDS))

    def come_back(self, visit: Visit) -> Response:
        installing = self._installing(visit)
        begun = self._logins.end(visit.query("state"), visit.cookie(BEGUN))
        if begun is None or begun.platform != f"{BEGUN}:{visit.service}":
            words = "That was begun in another browser, or too long ago. Begin here again."
            return self.choose(visit, said=words, status=400)
        name, code = find_abilities(visit.service).name, visit.query("code")
        if not code:
            words = f"Nothing was connected: {name} says that you did not allow it."
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
        return page(connected_page(shown), cookies=(visit.keeps(BEGUN, "", 0),))

    def _keep(self, service: str, granted: Granted) -> Connection:
        """With the community that it is for, which is founded where nobody spoke there yet."""
        resources = self.resources
        versions, by = Versions(resources.cache), f"{service}:{granted.account}"
        with editing(resources.postgres, versions, by=by) as edit:
            owner = HOUSE
            if granted.home:
                owner = Owner.of_community(Places(edit).founded_for(granted.home))
            keep_workspaces(edit.connection, granted.account, granted.workspaces)
            return resources.connections.keep(
                Connection(
                    service=service,
                    account=granted.account,
                    owner=owner,
                    scopes=granted.scopes,
                    expires_at=granted.expires_at,
                    name=granted.name,
                    connected_by=Account(service, granted.by).key if granted.by else "",
                ),
                granted.tokens,
            )

    def _installing(self, visit: Visit) -> ServiceConnecting:
        found = self.services().get(visit.service)
        if found is None:
            raise Rejected(404, "NOT_FOUND", "Connecting that is not set up here.")
        return found

    @property
    def _logins(self) -> Logins:
        return Logins(self.resources.cache)


def _back(visit: Visit) -> str:
    return f"{visit.address.base}/connect/{visit.service}/callback"
