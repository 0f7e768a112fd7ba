"""Signing in at the stand-ins: who are you, a code, a token, and who that is.

Everybody here has the same e-mail address, as whoever wants to be somebody else would say.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Json, PathRouter, json_answer
from local.stand_ins.people import StandInPerson
from local.stand_ins.places import SERVERS
from local.stand_ins.platform import Surroundings
from waddlebot.runtime import looks

CLIENT = "stand-in"
EMAIL = "somebody@example.com"
_TITLES = {"discord": "Discord", "slack": "Slack", "twitch": "Twitch"}


def sign_in_environment(
    front: str, keys: Mapping[str, str], prefix: str = "/stand-ins"
) -> dict[str, dict[str, str]]:
    """By platform, what a room that signs people in is told so that it lives at the stand-ins."""
    base, secret = front.rstrip("/") + prefix, keys["STAND_IN_TOKEN"]
    return {
        "DISCORD": {
            "DISCORD_APPLICATION_ID": keys["DISCORD_APPLICATION_ID"],
            "DISCORD_CLIENT_SECRET": secret,
            "DISCORD_AUTH_URL": f"{base}/discord/oauth2/authorize",
            "DISCORD_API_URL": f"{base}/discord/api/v10",
        },
        "SLACK": {
            "SLACK_CLIENT_ID": CLIENT,
            "SLACK_CLIENT_SECRET": secret,
            "SLACK_AUTH_URL": f"{base}/slack/openid/connect/authorize",
            "SLACK_INSTALL_URL": f"{base}/slack/oauth/v2/authorize",
            "SLACK_API_URL": f"{base}/slack/api",
        },
        "TWITCH": {
            "TWITCH_CLIENT_ID": CLIENT,
            "TWITCH_CLIENT_SECRET": secret,
            "TWITCH_AUTH_URL": f"{base}/twitch/oauth2",
            "TWITCH_API_URL": f"{base}/twitch/signin",
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCode:
    """A code that somebody was sent back with; at Slack they chose the workspace `team`."""

    platform: str
    person: StandInPerson
    client: str
    back: str
    challenge: str
    team: str


class DoesNotAnswer(Exception):
    """What `also_revoke` raises where the platform is away for whoever asks."""


@dataclass(slots=True)
class SigningIn:
    """`also_revoke` is what else takes a token back, and says whether it was one of its own."""

    around: Surroundings
    also_revoke: list[Callable[[str], bool]] = field(default_factory=list)
    _codes: dict[str, GivenCode] = field(default_factory=dict)
    _tokens: dict[str, GivenCode] = field(default_factory=dict)

    def routes(self, router: PathRouter) -> None:
        for method, path, work in (
            ("GET", "/{platform}/oauth2/authorize", self.ask),
            ("GET", "/{platform}/openid/connect/authorize", self.ask),
            ("POST", "/discord/api/v10/oauth2/token", self.token),
            ("POST", "/slack/api/openid.connect.token", self.token),
            ("GET", "/slack/api/openid.connect.userInfo", self._slack_user),
            ("GET", "/twitch/signin/users", self._twitch_user),
            ("POST", "/discord/api/v10/oauth2/token/revoke", self.revoke),
            ("POST", "/slack/api/auth.revoke", self.revoke),
            ("GET", "/signin/tokens", self._count),
        ):
            router.add(method, path, work)

    async def ask(self, request: AsgiRequest) -> AsgiAnswer:
        """A page to choose from, or straight back as whom `as` names; `as=nobody` refuses."""
        platform, chosen = request.params["platform"], request.ask("as")
        if not chosen:
            return self._page(request, platform)
        if chosen == "nobody":
            return self._back(request, {"error": "access_denied"})
        code = secrets.token_urlsafe(16)
        self._codes[code] = GivenCode(
            platform=platform,
            person=self.around.people.named(chosen),
            client=request.ask("client_id"),
            back=request.ask("redirect_uri"),
            challenge=request.ask("code_challenge"),
            team=request.ask("team") or str(SERVERS["slack"]),
        )
        return self._back(request, {"code": code})

    def _page(self, request: AsgiRequest, platform: str) -> AsgiAnswer:
        asked = {name: values[0] for name, values in request.query.items()}
        people = [*(one.login for one in self.around.people.everybody()[:3]), "nobody"]
        where = {one: escape(urlencode({**asked, "as": one})) for one in people}
        links = "".join(
            f'<a class="button" href="?{address}">{escape(one.capitalize())}</a>'
            for one, address in where.items()
        )
        title = f"Stand-in for {_TITLES.get(platform, platform)}: who are you?"
        body = looks.page(title, f"<nav>{links}</nav>")
        return AsgiAnswer(headers=looks.whole_page_headers(), body=body.encode())

    def _back(self, request: AsgiRequest, told: Json) -> AsgiAnswer:
        query = urlencode({**told, "state": request.ask("state")})
        return AsgiAnswer(
            status=302, headers={"location": f"{request.ask('redirect_uri')}?{query}"}
        )

    async def token(self, request: AsgiRequest) -> AsgiAnswer:
        asked = request.fields()
        given = self._codes.pop(str(asked.get("code")), None)
        if given is None or not self._is_theirs(given, asked):
            return json_answer({"error": "invalid_grant"}, 400)
        token = secrets.token_urlsafe(16)
        self._tokens[token] = given
        return json_answer({"access_token": token, "token_type": "bearer", "expires_in": 14_000})

    def _is_theirs(self, given: GivenCode, asked: Json) -> bool:
        digest = hashlib.sha256(str(asked.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return (
            asked.get("client_id") == given.client
            and asked.get("client_secret") == self.around.keys["STAND_IN_TOKEN"]
            and asked.get("redirect_uri") == given.back
            and challenge == given.challenge
        )

    async def discord_user(self, request: AsgiRequest) -> AsgiAnswer:
        """`/users/@me` of a person's token, at the address where a bot asks for itself."""
        given = self._given(request)
        if given is None:
            return json_answer({"message": "401: Unauthorized", "code": 0}, 401)
        person = given.person
        user = {"id": person.ids["discord"], "username": person.login, "global_name": person.name}
        return json_answer({**user, "email": EMAIL, "verified": True})

    async def _slack_user(self, request: AsgiRequest) -> AsgiAnswer:
        given = self._given(request)
        if given is None:
            return json_answer({"ok": False, "error": "invalid_auth"}, 401)
        user = given.person.ids["slack"]
        return json_answer(
            {
                "ok": True,
                "sub": user,
                "https://slack.com/user_id": user,
                "https://slack.com/team_id": given.team,
                "name": given.person.name,
                "email": EMAIL,
                "email_verified": True,
            }
        )

    async def _twitch_user(self, request: AsgiRequest) -> AsgiAnswer:
        given = self._given(request)
        if given is None or request.headers.get("client-id") != given.client:
            return json_answer({"error": "Unauthorized", "status": 401}, 401)
        person = given.person
        user = {"id": person.ids["twitch"], "login": person.login, "display_name": person.name}
        return json_answer({"data": [{**user, "email": EMAIL}]})

    def _given(self, request: AsgiRequest) -> GivenCode | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return self._tokens.get(token) if kind.lower() == "bearer" else None

    async def revoke(self, request: AsgiRequest) -> AsgiAnswer:
        kind, _, sent = request.headers.get("authorization", "").partition(" ")
        token = sent if kind.lower() == "bearer" else str(request.fields().get("token"))
        self._tokens.pop(token, None)
        try:
            for revoke in self.also_revoke:
                revoke(token)
        except DoesNotAnswer:
            return AsgiAnswer(status=503)
        return json_answer({"ok": True, "revoked": True})

    async def _count(self, _request: AsgiRequest) -> AsgiAnswer:
        """How many tokens stand: nobody should keep any."""
        return json_answer({"tokens": len(self._tokens)})
