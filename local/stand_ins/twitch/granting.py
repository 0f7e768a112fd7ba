"""Twitch's id.twitch.tv: who allows the application what, its tokens, and whose they are.

What asks for nobody's rights is a sign-in, and answered there.
Docs: "Getting OAuth Access Tokens", "Refreshing", "Validating", "Revoking Access Tokens".
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import urlencode

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Json, PathRouter, json_answer
from local.stand_ins.people import TWITCH_BOT_USER, StandInPerson
from local.stand_ins.platform import Surroundings
from local.stand_ins.signing_in import CLIENT, SigningIn
from local.stand_ins.twitch.granted import GivenToken, StandInGrants
from local.stand_ins.twitch.helix import USER_TOKEN
from local.stand_ins.twitch.payloads import BOT_LOGIN
from local.stand_ins.twitch.subscriptions import StandInSubscriptions
from waddlebot.platforms.twitch.connecting import (
    BOT_SCOPES,
    CHANNEL_SCOPES,
    MODERATION_SCOPES,
    READING_SCOPES,
    STREAM_SCOPES,
)
from waddlebot.runtime import looks

_CODE_SECONDS = 600.0
_SIGN_IN = frozenset({"openid", "user:read:email"})
_KNOWN = _SIGN_IN.union(
    BOT_SCOPES, CHANNEL_SCOPES, MODERATION_SCOPES, READING_SCOPES, STREAM_SCOPES
)
_APP_SECONDS = 5_000_000


@dataclass(slots=True, kw_only=True)
class _Code:
    person: StandInPerson
    scopes: tuple[str, ...]
    back: str
    until: float


@dataclass(slots=True)
class Granting:
    around: Surroundings
    granted: StandInGrants
    subscriptions: StandInSubscriptions
    signing_in: SigningIn
    deaf: set[str] = field(default_factory=set)
    """Channels of which Twitch hears nothing that is revoked."""
    _codes: dict[str, _Code] = field(default_factory=dict)

    def routes(self, router: PathRouter) -> None:
        """Before those of signing in, which take the same path of every platform."""
        for method, path, work in (
            ("GET", "/twitch/oauth2/authorize", self._ask),
            ("POST", "/twitch/oauth2/token", self._token),
            ("GET", "/twitch/oauth2/validate", self._validate),
            ("POST", "/twitch/oauth2/revoke", self._revoke),
            ("GET", "/twitch/channels/{channel}", self._show),
            ("POST", "/twitch/channels/{channel}/expire", self._expire),
            ("POST", "/twitch/channels/{channel}/deaf", self._deafen),
            ("POST", "/twitch/channels/{channel}/rename", self._rename),
        ):
            router.add(method, path, work)

    async def _ask(self, request: AsgiRequest) -> AsgiAnswer:
        """A page to choose from, or straight back as whom `as` names; `without` withholds scopes,
        as an address that somebody shortened does."""
        scopes = request.ask("scope").split()
        if _SIGN_IN.issuperset(scopes):
            return await self.signing_in.ask(replace(request, params={"platform": "twitch"}))
        if request.ask("client_id") != CLIENT:
            return _wrong(400, "invalid client")
        if unknown := [one for one in scopes if one not in _KNOWN]:
            return _wrong(400, f"invalid scope requested: '{unknown[0]}'")
        chosen, withheld = request.ask("as"), request.ask("without").split(",")
        if not chosen:
            return self._page(request, scopes)
        if chosen == "nobody":
            why = "The user denied you access"
            return _back(request, {"error": "access_denied", "error_description": why})
        given = tuple(one for one in scopes if one not in withheld)
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Code(
            person=self.around.people.named(chosen),
            scopes=given,
            back=request.ask("redirect_uri"),
            until=time.monotonic() + _CODE_SECONDS,
        )
        return _back(request, {"code": code, "scope": " ".join(given)})

    def _page(self, request: AsgiRequest, scopes: list[str]) -> AsgiAnswer:
        asked = {name: values[0] for name, values in request.query.items()}
        people = [*(one.login for one in self.around.people.everybody()[:3]), "nobody"]
        links = "".join(
            f'<a class="button" href="?{escape(urlencode({**asked, "as": one}))}">'
            f"{escape(one.capitalize())}</a>"
            for one in people
        )
        wanted = "".join(f"<li>{escape(one)}</li>" for one in scopes)
        title = "Stand-in for Twitch: who are you?"
        body = looks.page(title, f"<p>It wants to:</p><ul>{wanted}</ul><nav>{links}</nav>")
        return AsgiAnswer(headers=looks.whole_page_headers(), body=body.encode())

    async def _token(self, request: AsgiRequest) -> AsgiAnswer:
        asked = request.fields()
        kind = asked.get("grant_type")
        if "code_verifier" in asked:  # of a sign-in: Twitch itself does not look at it
            return await self.signing_in.token(request)
        if faulty := await self.around.faults.answer("twitch", request):
            return faulty
        if asked.get("client_id") != CLIENT:
            return _wrong(400, "invalid client")
        if asked.get("client_secret") != self.around.keys["STAND_IN_TOKEN"]:
            return _wrong(403, "invalid client secret")
        if kind == "client_credentials":
            token = self.around.keys["STAND_IN_TOKEN"]
            told = {"access_token": token, "expires_in": _APP_SECONDS, "token_type": "bearer"}
            return json_answer(told)
        if kind == "refresh_token":
            renewed = self.granted.renew(str(asked.get("refresh_token")))
            return _given(*renewed) if renewed else _wrong(400, "Invalid refresh token")
        return self._exchanged(asked)

    def _exchanged(self, asked: Json) -> AsgiAnswer:
        code = self._codes.pop(str(asked.get("code")), None)
        if code is None or time.monotonic() > code.until:
            return _wrong(400, "Invalid authorization code")
        if code.back != asked.get("redirect_uri"):
            return _wrong(400, "Parameter redirect_uri does not match registered URI")
        person = code.person
        return _given(*self.granted.give(person.ids["twitch"], person.login, code.scopes))

    async def _validate(self, request: AsgiRequest) -> AsgiAnswer:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        given = self.granted.find(token)
        if kind not in ("OAuth", "Bearer"):
            return _wrong(401, "missing authorization token")
        if given:
            return json_answer(_whose(given))
        ours = self.around.keys["STAND_IN_TOKEN"]
        if token == ours:  # an application is nobody, and nobody allowed it anything
            return json_answer({"client_id": CLIENT, "scopes": [], "expires_in": _APP_SECONDS})
        if token != f"{USER_TOKEN}{ours}":
            return _wrong(401, "invalid access token")
        scopes = self.around.keys.get("TWITCH_SCOPES")
        told = {
            "client_id": CLIENT,
            "login": BOT_LOGIN,
            "user_id": TWITCH_BOT_USER,
            "scopes": BOT_SCOPES if scopes is None else scopes.split(),
            "expires_in": _APP_SECONDS,
        }
        return json_answer(told)

    async def _revoke(self, request: AsgiRequest) -> AsgiAnswer:
        asked = request.fields()
        given = self.granted.find(str(asked.get("token")))
        if given is None:
            return await self.signing_in.revoke(request)
        if given.user in self.deaf:
            return _wrong(503, "")
        if asked.get("client_id") != CLIENT:
            return _wrong(404, "client does not exist")
        self.granted.revoke(str(asked.get("token")))
        return AsgiAnswer()

    async def _show(self, request: AsgiRequest) -> AsgiAnswer:
        """What was allowed, how many tokens live, and what is subscribed to."""
        channel = request.params["channel"]
        told = [one["type"] for one in self.subscriptions.of_channel(channel)]
        return json_answer(
            {
                "tokens": self.granted.living(channel),
                "scopes": self.granted.scopes_of(channel),
                "subscriptions": told,
            }
        )

    async def _expire(self, request: AsgiRequest) -> AsgiAnswer:
        """`for_good`: as after a change of the streamer's password."""
        for_good = request.fields().get("for_good") is True
        return json_answer(
            {"expired": self.granted.expire(request.params["channel"], for_good=for_good)}
        )

    async def _deafen(self, request: AsgiRequest) -> AsgiAnswer:
        """For as long as `is` says so: what is revoked there fails on Twitch's side."""
        channel, is_deaf = request.params["channel"], request.fields().get("is") is True
        (self.deaf.add if is_deaf else self.deaf.discard)(channel)
        return json_answer({"deaf": is_deaf})

    async def _rename(self, request: AsgiRequest) -> AsgiAnswer:
        """The streamer is called `login` from here on, and stays who they are."""
        login = str(request.fields().get("login"))
        self.granted.rename(request.params["channel"], login)
        return json_answer({"login": login})


def _given(token: str, given: GivenToken) -> AsgiAnswer:
    return json_answer(
        {
            "access_token": token,
            "refresh_token": given.refresh,
            "expires_in": given.seconds,
            "scope": list(given.scopes),
            "token_type": "bearer",
        }
    )


def _whose(given: GivenToken) -> Json:
    return {
        "client_id": CLIENT,
        "login": given.login,
        "user_id": given.user,
        "scopes": list(given.scopes),
        "expires_in": given.seconds,
    }


def _wrong(status: int, message: str) -> AsgiAnswer:
    return json_answer({"status": status, "message": message}, status)


def _back(request: AsgiRequest, told: Json) -> AsgiAnswer:
    query = urlencode({**told, "state": request.ask("state")})
    return AsgiAnswer(status=302, headers={"location": f"{request.ask('redirect_uri')}?{query}"})
