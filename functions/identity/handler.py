"""Signing in, the page "me", and signing out (platform facts on OAuth; serverless facts, 4).

GET  /signin                       with which account
GET  /signin/{platform}            to the platform, with `link` to link a second account
GET  /signin/{platform}/callback   and back
GET  /me                           who one is
POST /me/unlink, /me/signout       forms of that page
GET, POST /forms/{token}           see form_pages.py
GET  /connect, /connect/{service}, /connect/{service}/callback, POST /connect/{service}/end
                                   see connecting.py
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from functions.identity.coming_back import no_code, not_begun
from functions.identity.connecting import ConnectRoom
from functions.identity.form_pages import FormRoom, refused_page
from functions.identity.overlays import overlays_of
from functions.identity.own_address import own_address
from functions.identity.pages import Me, me_page, sign_in_page
from functions.identity.pages import StandingShown as Shown
from functions.identity.visits import (
    LOGIN,
    SECURITY,
    Response,
    Visit,
    offered,
    page,
    redirect,
)
from waddlebot.domain.accounts import Account
from waddlebot.domain.errors import Refusal, Rejected, Unavailable
from waddlebot.domain.public_addresses import PublicAddress, public_address_in
from waddlebot.outside import signing_in
from waddlebot.platforms import platform_names
from waddlebot.platforms.signing_in import SignIn, find_sign_in
from waddlebot.runtime import looks
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import Category
from waddlebot.runtime.methods import as_asked, headers_of, nothing_at
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.runtime.strangers import source_of
from waddlebot.runtime.visitors import Visitors
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.logins import (
    BEGUN_SECONDS,
    LIFE_SECONDS,
    Login,
    Logins,
    NotBegun,
    hashed,
)
from waddlebot.stores.sealing import SealLost
from waddlebot.stores.standings import standings_of
from waddlebot.stores.versions import Edit, Versions, editing

SERVICE = "identity"
STYLE = "GET /me/page.css"
BEGUN = "signin"
FORM = "/forms/{token}"
COUNTED = {
    **dict.fromkeys(("GET /signin/{platform}", "GET /connect/{service}"), "begun"),
    **dict.fromkeys((f"GET {FORM}", f"POST {FORM}"), "forms"),
}
"""Apart: whoever fills in forms signs in as often as anybody."""
MOST_BEGUN = 120
"""A minute from one address: what each leaves behind lives for ten."""
_NOTHING_SEALED = (
    "Nothing can be connected here for now. Whoever runs this WaddleBot finds in its log what to "
    "do; try again when they have."
)


@dataclass(frozen=True, slots=True)
class SignInRoom:
    """Kept as long as the process lives.

    `variables` are the environment, `event` is as of a visit. Methods raise Rejected (404 where a
    platform has no sign-in, 403 where the form is not from our page) and Unavailable.
    """

    resources: Resources
    variables: Mapping[str, str]

    @property
    def logins(self) -> Logins:
        return Logins(self.resources.cache)

    def address(self, event: Mapping[str, Any]) -> PublicAddress:
        return own_address(event["headers"], public_address_in(self.variables))

    def platforms(self) -> list[str]:
        return [one for one in sorted(platform_names()) if find_sign_in(one, self.variables)]

    def choose(self, visit: Visit, *, said: str = "", status: int = 200) -> Response:
        del visit
        return page(sign_in_page(self.platforms(), said=said), status=status)

    def says(self, said: str, *, status: int) -> Response:
        """What went wrong, where one may begin again."""
        return page(sign_in_page(offered(self.platforms), said=said), status=status)

    def begin(self, visit: Visit) -> Response:
        sign_in, verifier = self._sign_in(visit), signing_in.new_verifier()
        if where := visit.sent_on(f"/signin/{visit.platform}"):
            return redirect(where)
        login = hashed(visit.cookie(LOGIN)) if visit.query("link") else ""
        begun = self.logins.begin(
            sign_in.platform, verifier, login=login, browser=visit.cookie(BEGUN)
        )
        where = signing_in.address(sign_in, visit.back, state=begun.state, verifier=verifier)
        return redirect(where, visit.keeps(BEGUN, begun.browser, BEGUN_SECONDS))

    def come_back(self, visit: Visit) -> Response:
        sign_in = self._sign_in(visit)
        begun = self.logins.end(
            visit.query("state"), visit.cookie(BEGUN), platform=sign_in.platform
        )
        if begun is NotBegun.USED and self._login(visit):
            return redirect("/me")
        if isinstance(begun, NotBegun):
            return self.choose(visit, said=not_begun(begun), status=400)
        code = visit.query("code")
        if not code:
            words = no_code(visit, sign_in.name, "You are not signed in")
            return self.choose(visit, said=words, status=400)
        came = signing_in.who_came_back(sign_in, visit.back, code=code, verifier=begun.verifier)
        account = Identity(platform=sign_in.platform, user_id=came.user_id, name=came.name)
        if begun.login:
            return self._link(begun.login, account, visit)
        secret = self.logins.enter(
            Account(sign_in.platform, came.user_id), came.name, home=came.home
        )
        visit.log.info("signed in", category=Category.AUTH, platform=account.platform)
        return redirect("/me", visit.keeps(LOGIN, secret, LIFE_SECONDS))

    def show(self, visit: Visit, *, said: str = "", status: int = 200) -> Response:
        login = self._login(visit)
        if login is None:
            return redirect("/signin")
        me = _account(login)
        with self.resources.postgres.writer() as connection:
            linked = Identities(Edit(connection)).of(me)
        standings = standings_of(self.resources.postgres, Account(me.platform, me.user_id))
        shown = Me(
            me=me,
            others=[one for one in linked if one.key != me.key],
            standings=[
                Shown(
                    community="a community without a name"
                    if ":" in one.community
                    else one.community,
                    role=one.role.value,
                    points=one.points,
                )
                for one in standings
            ],
            overlays=overlays_of(self.resources, Account(me.platform, me.user_id), visit.address),
            platforms=self.platforms(),
            csrf=login.csrf,
        )
        renewed = visit.keeps(LOGIN, visit.cookie(LOGIN), LIFE_SECONDS)
        return page(me_page(shown, said=said), status=status, cookies=(renewed,))

    def unlink(self, visit: Visit) -> Response:
        login = self._checked(visit)
        gone = visit.form().get("platform", "")
        with self._editing(login) as edit:
            Identities(edit).unlink(_account(login), gone)
        return redirect("/me")

    def sign_out(self, visit: Visit) -> Response:
        self._checked(visit)
        self.logins.leave(visit.cookie(LOGIN))
        return redirect("/signin", visit.keeps(LOGIN, "", 0))

    def _link(self, login_hash: str, account: Identity, visit: Visit) -> Response:
        """Both sides agree: one is signed in, the other has just signed in in the same browser."""
        login = self.logins.find_hashed(login_hash)
        if login is None or login_hash != hashed(visit.cookie(LOGIN)):
            return self.choose(visit, said="You were signed out meanwhile. Sign in again.")
        try:
            with self._editing(login) as edit:
                Identities(edit).link(_account(login), account)
        except Rejected as rejected:
            return self.show(visit, said=rejected.message, status=rejected.status)
        visit.log.info("accounts linked", category=Category.AUDIT, platform=account.platform)
        return redirect("/me")

    def _editing(self, login: Login) -> Any:
        by = f"{login.platform}:{login.user_id}"
        return editing(self.resources.postgres, Versions(self.resources.cache), by=by)

    def _sign_in(self, visit: Visit) -> SignIn:
        found = find_sign_in(visit.platform, self.variables)
        if found is None:
            raise Rejected(404, "NOT_FOUND", "Signing in there is not set up.")
        return found

    def _login(self, visit: Visit) -> Login | None:
        secret = visit.cookie(LOGIN)
        return self.logins.find(secret) if secret else None

    def _checked(self, visit: Visit) -> Login:
        """Whoever sends a form; a page of somebody else's cannot.

        Raises Rejected: 403.
        """
        login = self._login(visit)
        if login is None or not secrets.compare_digest(
            visit.form().get("csrf", "").encode(), login.csrf.encode()
        ):
            raise Rejected(403, "NOT_FROM_HERE", "You were signed out meanwhile. Sign in again.")
        return login


def handler(aws_event: Mapping[str, Any], context: Any) -> Response:
    """API Gateway's payload 2.0 in and out."""
    log = room_log(SERVICE, context)
    room = build_room()
    connecting = ConnectRoom(room.resources, room.variables)
    forms = FormRoom(room.resources)
    answers: Mapping[str, Callable[[Visit], Response]] = {
        "GET /signin": room.choose,
        "GET /signin/{platform}": room.begin,
        "GET /signin/{platform}/callback": room.come_back,
        "GET /me": room.show,
        "POST /me/unlink": room.unlink,
        "POST /me/signout": room.sign_out,
        "GET /connect": connecting.choose,
        "GET /connect/{service}": connecting.begin,
        "GET /connect/{service}/callback": connecting.come_back,
        "POST /connect/{service}/end": connecting.end,
        f"GET {FORM}": forms.show,
        f"POST {FORM}": forms.send,
    }
    aws_event = as_asked(aws_event)
    route = str(aws_event["routeKey"])
    visit: Visit | None = None
    if route == STYLE:
        return _css()

    def says(said: str, *, status: int) -> Response:
        at = route.partition(" ")[2]
        if at.startswith("/connect"):
            return connecting.choose_again(visit, said=said, status=status)
        return _of_form(said, status) if at == FORM else room.says(said, status=status)

    try:
        visit = Visit(aws_event, log, room.address(aws_event))
        if route not in answers:
            raise nothing_at(route, [*answers, STYLE])
        if counted := COUNTED.get(route):
            found_visitors().charge(source_of(aws_event), counted, MOST_BEGUN)
        return answers[route](visit)
    except Refusal as refusal:
        log.info("refused", category=Category.AUTHZ, code=refusal.code)
        return says(refusal.say, status=403)
    except Rejected as rejected:
        log.info("refused", category=Category.AUTHZ, code=rejected.code)
        shown = says(rejected.message, status=rejected.status)
        return {**shown, "headers": {**shown["headers"], **headers_of(rejected)}}
    except SealLost as lost:
        log.error(  # noqa: TRY400 - no bug
            "nothing can be sealed", category=Category.ERROR, error=str(lost)
        )
        return says(_NOTHING_SEALED, status=503)
    except Unavailable as away:
        log.warning("failed", category=Category.ERROR, error=str(away))
        said = f"{str(away)[:1].upper()}{str(away)[1:]}. Try again in a moment."
        return says(said, status=503)


def _of_form(said: str, status: int) -> Response:
    """Whose it is not may sign in as somebody else; nothing else is mended so."""
    if status == HTTPStatus.FORBIDDEN:
        return build_room().says(said, status=status)
    return refused_page(said, status=status)


@cache
def build_room() -> SignInRoom:
    environment = Environment.of_process()
    return SignInRoom(resources=Resources(environment), variables=environment.values)


@cache
def found_visitors() -> Visitors:
    return Visitors(build_room().resources.limits)


def _css() -> Response:
    headers = {**SECURITY, "content-type": "text/css", "cache-control": "max-age=300"}
    return {"statusCode": 200, "headers": headers, "body": looks.style()}


def _account(login: Login) -> Identity:
    return Identity(platform=login.platform, user_id=login.user_id, name=login.name)
