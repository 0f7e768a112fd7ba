"""Installing an app at Slack: which workspace, a code, and `oauth.v2.access`, which takes it once.

Docs: "Installing with OAuth", "oauth.v2.access", "auth.teams.list".
"""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Json, PathRouter, json_answer
from local.stand_ins.people import SLACK_APP, SLACK_BOT_USER
from local.stand_ins.platform import Surroundings
from local.stand_ins.signing_in import CLIENT
from local.stand_ins.slack.content import SlackError
from local.stand_ins.slack.installed import TOKEN_SECONDS, Given, Installed
from waddlebot.runtime import looks

_CODE_SECONDS = 600.0
_OFFERED = ("T0PUDDLE", "T0MEADOW", "nobody")


@dataclass(slots=True, kw_only=True)
class _Code:
    home: str
    user: str
    scopes: tuple[str, ...]
    user_scopes: tuple[str, ...]
    client: str
    back: str
    until: float
    is_used: bool = False


@dataclass(slots=True)
class Installing:
    around: Surroundings
    installed: Installed
    _codes: dict[str, _Code] = field(default_factory=dict)

    def routes(self, router: PathRouter) -> None:
        """Before those of the Web API, which takes every method's name."""
        router.add("GET", "/slack/oauth/v2/authorize", self._ask)
        router.add("POST", "/slack/api/oauth.v2.access", self._access)
        router.add("POST", "/slack/app/rotation", self._rotate)
        router.add("GET", "/slack/workspaces/{home}", self._show)
        router.add("POST", "/slack/workspaces/{home}/expire", self._expire)
        router.add("POST", "/slack/workspaces/{home}/withdraw", self._withdraw)
        router.add("POST", "/slack/workspaces/{home}/deaf", self._deafen)
        router.add("POST", "/slack/organisations/{home}", self._open)

    async def _ask(self, request: AsgiRequest) -> AsgiAnswer:
        """A page to choose from, or straight back from what `workspace` names.

        `without` withholds scopes, as an address that somebody shortened does.
        """
        chosen = request.ask("workspace")
        if not chosen:
            return self._page(request)
        if chosen == "nobody":
            return _back(request, {"error": "access_denied"})
        withheld = request.ask("without").split(",")
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Code(
            home=chosen,
            user=self.around.people.named(request.ask("as", "olga")).ids["slack"],
            scopes=tuple(one for one in _listed(request.ask("scope")) if one not in withheld),
            user_scopes=_listed(request.ask("user_scope")),
            client=request.ask("client_id"),
            back=request.ask("redirect_uri"),
            until=time.monotonic() + _CODE_SECONDS,
        )
        return _back(request, {"code": code})

    def _page(self, request: AsgiRequest) -> AsgiAnswer:
        asked = {name: values[0] for name, values in request.query.items()}
        links = "".join(
            f'<a class="button" href="?{escape(urlencode({**asked, "workspace": one}))}">{one}</a>'
            for one in _OFFERED
        )
        title = "Stand-in for Slack: which workspace?"
        body = looks.page(title, f"<nav>{links}</nav>")
        return AsgiAnswer(headers=looks.whole_page_headers(), body=body.encode())

    async def _access(self, request: AsgiRequest) -> AsgiAnswer:
        faulty = await self.around.faults.answer("slack", request)
        if faulty:
            return faulty
        asked = {**request.fields(), **_basic(request)}
        try:
            self._check_client(asked)
            if asked.get("grant_type") == "refresh_token":
                return json_answer({"ok": True, **self._renewed(asked)})
            return json_answer({"ok": True, **self._exchanged(asked)})
        except SlackError as error:
            return json_answer({"ok": False, "error": str(error)})

    def _check_client(self, asked: Json) -> None:
        if asked.get("client_id") != CLIENT:
            raise SlackError("invalid_client_id")
        if asked.get("client_secret") != self.around.keys["STAND_IN_TOKEN"]:
            raise SlackError("bad_client_secret")

    def _renewed(self, asked: Json) -> Json:
        given, token, refresh = self.installed.renew(str(asked.get("refresh_token")))
        kind = "bot" if given.is_bot else "user"
        told = {"token_type": kind, "scope": ",".join(given.scopes), **_home(given.home)}
        return {**told, **_tokens(token, refresh)}

    def _exchanged(self, asked: Json) -> Json:
        code = self._codes.get(str(asked.get("code")))
        if code is None or code.client != asked.get("client_id"):
            raise SlackError("invalid_code")
        if code.is_used:
            raise SlackError("code_already_used")
        if time.monotonic() > code.until:
            raise SlackError("code_expired")
        if code.back != (asked.get("redirect_uri") or code.back):
            raise SlackError("bad_redirect_uri")
        code.is_used = True
        bot = Given(home=code.home, user=SLACK_BOT_USER, scopes=code.scopes)
        authed: Json = {"id": code.user}
        if code.user_scopes:
            person = Given(home=code.home, user=code.user, scopes=code.user_scopes, is_bot=False)
            authed |= {"token_type": "user", "scope": ",".join(code.user_scopes)}
            authed |= self._issued(person)
        return {
            **self._issued(bot),
            "token_type": "bot",
            "scope": ",".join(code.scopes),
            "bot_user_id": SLACK_BOT_USER,
            "app_id": SLACK_APP,
            "authed_user": authed,
            **_home(code.home),
        }

    def _issued(self, given: Given) -> Json:
        if self.installed.rotates:
            return _tokens(*self.installed.give_renewable(given))
        return {"access_token": self.installed.give(given)}

    async def _rotate(self, _request: AsgiRequest) -> AsgiAnswer:
        """The app's owner switches token rotation on: for all that is given from now on, and for
        good, as at Slack."""
        self.installed.rotates = True
        return json_answer({"rotates": True})

    async def _show(self, request: AsgiRequest) -> AsgiAnswer:
        """How often somebody came here with a token of elsewhere: nobody should; and how many
        tokens live."""
        home = request.params["home"]
        strays = self.installed.strays.get(home, 0)
        return json_answer({"strays": strays, "tokens": self.installed.living(home)})

    async def _expire(self, request: AsgiRequest) -> AsgiAnswer:
        return json_answer({"expired": self.installed.expire(request.params["home"])})

    async def _withdraw(self, request: AsgiRequest) -> AsgiAnswer:
        return json_answer({"withdrawn": self.installed.withdraw(request.params["home"])})

    async def _deafen(self, request: AsgiRequest) -> AsgiAnswer:
        """For as long as `is` says so: what is revoked there gets no answer."""
        home, is_deaf = request.params["home"], request.fields().get("is") is True
        (self.installed.deaf.add if is_deaf else self.installed.deaf.discard)(home)
        return json_answer({"deaf": is_deaf})

    async def _open(self, request: AsgiRequest) -> AsgiAnswer:
        teams = [str(one) for one in request.fields().get("teams") or ()]
        self.installed.open_to(request.params["home"], teams)
        return json_answer({"teams": teams})


def name_of(home: str) -> str:
    """What a workspace is called."""
    return f"The {home[2:].lower()}"


def _home(home: str) -> Json:
    if home.startswith("E"):
        enterprise = {"id": home, "name": name_of(home)}
        return {"team": None, "enterprise": enterprise, "is_enterprise_install": True}
    team = {"id": home, "name": name_of(home)}
    return {"team": team, "enterprise": None, "is_enterprise_install": False}


def _tokens(token: str, refresh: str) -> Json:
    return {"access_token": token, "refresh_token": refresh, "expires_in": int(TOKEN_SECONDS)}


def _listed(text: str) -> tuple[str, ...]:
    return tuple(one for one in text.split(",") if one)


def _basic(request: AsgiRequest) -> Json:
    kind, _, packed = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    name, _, secret = base64.b64decode(packed).decode().partition(":")
    return {"client_id": name, "client_secret": secret}


def _back(request: AsgiRequest, told: Json) -> AsgiAnswer:
    query = urlencode({**told, "state": request.ask("state")})
    where = f"{request.ask('redirect_uri')}?{query}"
    return AsgiAnswer(status=302, headers={"location": where})
