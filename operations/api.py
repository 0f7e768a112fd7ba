"""The way to the API: which address, which key, and a sentence for every failure."""

from __future__ import annotations

import contextlib
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from waddlebot.runtime.environment import Environment
from waddlebot.runtime.houses import running_homes

URL = "WADDLEBOT_URL"
KEY = "WADDLEBOT_API_KEY"
ROOT = Path(__file__).resolve().parents[1]
TIMEOUT_SECONDS = 30.0

Wire = dict[str, Any]


class NotDone(Exception):
    """The sentence says why, and what to do."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """The key goes nowhere else than where the operator sent it."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    address: str
    key: str = field(repr=False)

    def get(self, path: str, **query: str | int) -> Wire:
        """`path` behind /api/operations/. Raises NotDone."""
        return self.ask("GET", f"operations/{path}", query=query)

    def post(self, path: str, body: Mapping[str, Any]) -> Wire:
        """Raises NotDone."""
        return self.ask("POST", f"operations/{path}", body)

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str | int] | None = None,
    ) -> Wire:
        """`path` behind /api/. Raises NotDone."""
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        request = urllib.request.Request(  # noqa: S310 - the operator's own address
            f"{self.address}/api/{path}{asked}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"authorization": f"Bearer {self.key}", "content-type": "application/json"},
        )
        opener = urllib.request.build_opener(_StayHere)
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise NotDone(self._refusal(error)) from error
        except (OSError, http.client.HTTPException) as error:
            raise NotDone(
                f"Nobody answers at {self.address}. Start the platform with `make run`, or say "
                f"where it is: --url or {URL}."
            ) from error
        except ValueError as error:
            raise NotDone(f"Something else than WaddleBot answers at {self.address}.") from error
        if not isinstance(told, dict):
            raise NotDone(f"Something else than WaddleBot answers at {self.address}.")
        return told

    def _refusal(self, error: urllib.error.HTTPError) -> str:
        said = _message(error)
        match error.code:
            case 401:
                return f"{self.address} does not know this key. Check {KEY}."
            case 403:
                return f"{said or 'This key may not do that.'} The key is the one of {KEY}."
            case _ if said:
                return said
            case _:
                return f"Something else than WaddleBot answers at {self.address}: {error.code}."


def find_api(url: str = "") -> Api:
    """Where `url` or WADDLEBOT_URL says, else where `make run` said that it listens.

    The key of the local platform is sent to nobody else. Raises NotDone.
    """
    given = {**dotenv_values(ROOT / ".env"), **Environment.of_process().values}
    address, key = url or given.get(URL) or "", given.get(KEY) or ""
    if not address:
        home = _local_home(given.get("WADDLEBOT_HOME") or "")
        address = _local_address(home, given.get("PORT") or "8000")
        key = key or dotenv_values(home / "dev.env", interpolate=False).get(KEY) or ""
    if not address.startswith(("http://", "https://")):
        raise NotDone(f"{address} is no address: it must begin with http:// or https://.")
    if not key:
        raise NotDone(
            f"A key is missing: set {KEY} to one with the scope 'collector', and 'admin' to "
            "replay or drop. The local platform makes one at its first `make run`."
        )
    return Api(address=address.rstrip("/"), key=key)


def _local_home(given: str) -> Path:
    """Of the house that runs, also where it was started with another WADDLEBOT_HOME.

    Raises NotDone where several do.
    """
    home = Path(given or ROOT / ".waddlebot").expanduser()
    if Environment.of_process().find("WADDLEBOT_HOME") or (home / "address").exists():
        return home
    homes = running_homes(ROOT)
    if len(homes) > 1:
        named = ", ".join(map(str, homes))
        raise NotDone(f"Several houses run here: {named}. Say which: WADDLEBOT_HOME={homes[0]}")
    return homes[0] if homes else home


def _local_address(home: Path, port: str) -> str:
    with contextlib.suppress(OSError):
        if address := (home / "address").read_text("utf-8").strip():
            return address
    return f"http://127.0.0.1:{port}"


def _message(error: urllib.error.HTTPError) -> str:
    """Ours, or the gateway's before us."""
    try:
        told = json.load(error)
        return str(told["error"]["message"] if "error" in told else told["message"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
