"""A form that is posted as a browser posts it, to the store of a running house."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.helpers.house import House
from tests.helpers.patience import patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaApi:
    """Of one community, with a key that may."""

    house: House
    community: int

    def ask(self, method: str, path: str = "", body: Any = None) -> tuple[int, Any]:
        at = f"/api/communities/{self.community}/media{path}"
        if method == "POST":
            return self.house.api(body, path=at)
        bearer = f"Bearer {self.house.keys['WADDLEBOT_API_KEY']}"
        return self.house.ask(method, at, headers={"authorization": bearer})

    def asks_for(self, name: str, content_type: str, size: int) -> dict[str, Any]:
        """What an upload needs: `url` and `fields`."""
        wanted = {"name": name, "type": content_type, "bytes": size}
        status, told = self.ask("POST", body=wanted)
        assert status == 200, told
        upload: dict[str, Any] = told["meta"]["upload"]
        return upload

    def file(self, name: str) -> dict[str, Any]:
        listed = self.ask("GET")[1]["data"]
        found: dict[str, Any] = next(one for one in listed if one["name"] == name)
        return found

    def read_back(self, name: str, *, within: float = 30) -> dict[str, Any]:
        """As it stands once the house has read it."""
        until = time.monotonic() + patience(within)
        while (file := self.file(name))["state"] in {"asked", "reading"}:
            assert time.monotonic() < until, file
            time.sleep(0.1)
        return file

    def puts_in(self, name: str, content_type: str, content: bytes) -> dict[str, Any]:
        """Asks, uploads, waits."""
        upload = self.asks_for(name, content_type, len(content))
        posted = post_form(upload, content)
        assert posted.status == 204, posted
        return self.read_back(name)


def post_form(
    upload: Mapping[str, Any], content: bytes, fields: Mapping[str, str] | None = None
) -> Fetched:
    """`fields` are laid over those that were told."""
    mark = uuid.uuid4().hex
    told = {**upload["fields"], **(fields or {})}
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in told.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n'
    body = b"".join((*parts, head.encode(), content, f"\r\n--{mark}--\r\n".encode()))
    kind = f"multipart/form-data; boundary={mark}"
    return fetch(upload["url"], "POST", body, {"content-type": kind})


def fetch(
    url: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    request = urllib.request.Request(  # noqa: S310 - an address of the house
        url, data=body, method=method, headers=dict(headers or {})
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return Fetched(status=answer.status, headers=_lower(answer.headers), body=answer.read())
    except urllib.error.HTTPError as error:
        return Fetched(status=error.code, headers=_lower(error.headers), body=error.read())


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
