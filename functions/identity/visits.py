"""One visit of a browser to our pages, and what it is answered with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from waddlebot.domain.errors import Unavailable
from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.runtime.logs import Logger
from waddlebot.runtime.serve_http import read_text

HERE = "here"
"""In an address that somebody was sent on to: they are not sent on again."""
LOGIN = "login"
"""The cookie of who is signed in."""
OURS_ALONE = "__Host-"
"""A cookie that no neighbour of this host can plant; browsers take the name over https alone."""
MOST_FORM_BYTES = 4_096
HTML = "text/html; charset=utf-8"
SECURITY = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "cache-control": "no-store",
}

Response = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a browser. `event` is API Gateway's, payload format 2.0."""

    event: Mapping[str, Any]
    log: Logger
    address: PublicAddress

    @property
    def platform(self) -> str:
        return str((self.event.get("pathParameters") or {}).get("platform", ""))

    def query(self, name: str) -> str:
        return str((self.event.get("queryStringParameters") or {}).get(name, ""))

    def cookie(self, name: str) -> str:
        for one in self.event.get("cookies") or ():
            key, _, value = one.partition("=")
            if key.strip() == self._named(name):
                return str(value)
        return ""

    def keeps(self, name: str, value: str, seconds: int) -> str:
        """The header that makes a browser keep a cookie, or forget it after 0 s."""
        manners = f"Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"
        return f"{self._named(name)}={value}; {manners}"

    def _named(self, name: str) -> str:
        """On the developer's machine there is no https."""
        return OURS_ALONE + name if self.address.is_encrypted else name

    def form(self) -> Mapping[str, str]:
        fields = parse_qs(read_text(self.event, most_bytes=MOST_FORM_BYTES))
        return {name: values[0] for name, values in fields.items()}

    @property
    def token(self) -> str:
        return str((self.event.get("pathParameters") or {}).get("token", ""))

    @property
    def service(self) -> str:
        return str((self.event.get("pathParameters") or {}).get("service", ""))

    def sent_on(self, path: str) -> str:
        """Where it goes on with `path`, empty where that is here: a browser keeps our cookies for
        the name that was typed, and whoever goes to a platform comes back under ours.

        Once: behind a proxy that hands on another name it would never end.
        """
        typed = urlsplit(f"//{self.event['headers'].get('host', '').lower()}")
        if typed.hostname == urlsplit(self.address.base).hostname or self.query(HERE):
            return ""
        asked = {**(self.event.get("queryStringParameters") or {}), HERE: "1"}
        return self.address.at(f"{path}?{urlencode(asked)}")

    @property
    def back(self) -> str:
        """Where the platform sends the browser; it knows this address and takes no other."""
        return self.address.at(f"/signin/{self.platform}/callback")


def page(
    body: str, *, status: int = 200, cookies: tuple[str, ...] = (), leads_to: str = ""
) -> Response:
    """`leads_to` is an address that a form of the page may end at: browsers follow no other."""
    headers = {**SECURITY, "content-type": HTML}
    if leads_to:
        policy = SECURITY["content-security-policy"]
        ends_at = "{0.scheme}://{0.netloc}".format(urlsplit(leads_to))
        allowed = policy.replace("form-action 'self'", f"form-action 'self' {ends_at}")
        headers["content-security-policy"] = allowed
    return {"statusCode": status, "headers": headers, "cookies": list(cookies), "body": body}


def redirect(where: str, *cookies: str) -> Response:
    headers = {**SECURITY, "location": where}
    return {"statusCode": 303, "headers": headers, "cookies": list(cookies), "body": ""}


def offered(find: Callable[[], Iterable[str]]) -> list[str]:
    """Names in order; none while the keeper of secrets is what is away."""
    with suppress(Unavailable):
        return sorted(find())
    return []
