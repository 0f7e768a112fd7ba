"""A browser without windows that signs in as people do, and keeps cookies."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tests.helpers.house import House


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    path: str
    text: str
    headers: Any


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(slots=True)
class Browser:
    """Keeps cookies, also those that want https: on this machine browsers do."""

    house: House
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> str:
        return self.house.url

    def get(self, path: str, *, follow: bool = True) -> Page:
        return self._ask("GET", path, None, follow=follow)

    def post(self, path: str, **form: str) -> Page:
        return self._ask("POST", path, urllib.parse.urlencode(form).encode(), follow=True)

    def signs_in(self, platform: str, who: str, *, link: bool = False, team: str = "") -> Page:
        """Through the platform's page, where somebody says who they are, and at Slack in which
        workspace."""
        asked = self.get(f"/signin/{platform}{'?link=1' if link else ''}")
        assert "who are you?" in asked.text
        where = f"&team={team}" if team else ""
        return self.get(f"{asked.path}&as={urllib.parse.quote(who)}{where}")

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/me").text)
        assert found is not None
        return found[1]

    def _ask(self, method: str, path: str, body: bytes | None, *, follow: bool) -> Page:
        request = urllib.request.Request(f"{self.home}{path}", data=body, method=method)  # noqa: S310
        if self.cookies:
            told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            request.add_header("cookie", told)
        try:
            answer = urllib.request.build_opener(_StayHere).open(request, timeout=35)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
        for line in answer.headers.get_all("set-cookie") or ():
            self._keep(line)
        where = answer.headers.get("location")
        if follow and where:
            parts = urllib.parse.urlsplit(where)
            return self.get(f"{parts.path}{f'?{parts.query}' if parts.query else ''}")
        return Page(answer.status, path, unescape(text), answer.headers)

    def _keep(self, line: str) -> None:
        pair, *more = (part.strip() for part in line.split(";"))
        name, _, value = pair.partition("=")
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(more), line
        # Browsers take the prefix over https alone, and refuse such a cookie on this machine.
        assert name in ("connect", "login", "signin")
        if "Max-Age=0" in more:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value


def somebody() -> str:
    return f"sam{uuid.uuid4().hex[:8]}"
