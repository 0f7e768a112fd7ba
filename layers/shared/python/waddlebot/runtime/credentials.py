"""With which keys AWS is asked: the environment's, or those that a container's host hands out.

Plain Lambda functions find keys in their environment. Tasks on ECS and functions restored from a
SnapStart snapshot find an address instead, whose keys run out and are fetched anew.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.environment import Environment

ECS_HOST = "http://169.254.170.2"
EARLY = timedelta(minutes=5)
PATIENCE_SECONDS = 1.0
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """`until` is None for keys that live as long as the process."""

    key_id: str
    secret: str = field(repr=False)
    session_token: str = field(default="", repr=False)
    until: datetime | None = None


class CredentialSource:
    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._kept: Credentials | None = None
        self._lock = threading.Lock()

    def current(self) -> Credentials:
        """Raises MissingVariable where neither keys nor an address are set, Unavailable where the
        address does not answer."""
        with self._lock:
            if self._kept is None or _runs_out(self._kept):
                self._kept = self._load()
            return self._kept

    def _load(self) -> Credentials:
        address = self._address()
        if address and not self._environment.find("AWS_ACCESS_KEY_ID"):
            return _fetch(address, self._environment.find("AWS_CONTAINER_AUTHORIZATION_TOKEN"))
        return Credentials(
            key_id=self._environment["AWS_ACCESS_KEY_ID"],
            secret=self._environment["AWS_SECRET_ACCESS_KEY"],
            session_token=self._environment.find("AWS_SESSION_TOKEN"),
        )

    def _address(self) -> str:
        relative = self._environment.find("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        if relative:
            return ECS_HOST + relative
        return self._environment.find("AWS_CONTAINER_CREDENTIALS_FULL_URI")


def _runs_out(credentials: Credentials) -> bool:
    return credentials.until is not None and datetime.now(UTC) > credentials.until - EARLY


def _fetch(address: str, authorization: str) -> Credentials:
    import http.client  # whoever finds keys in its environment needs no client

    target = urlsplit(address)
    connection = http.client.HTTPConnection(
        target.hostname or "", target.port, timeout=PATIENCE_SECONDS
    )
    try:
        connection.request(
            "GET",
            target.path,
            headers={"Authorization": authorization} if authorization else {},
        )
        answer = connection.getresponse()
        keys = json.loads(answer.read(MOST_BYTES))
        return Credentials(
            key_id=keys["AccessKeyId"],
            secret=keys["SecretAccessKey"],
            session_token=keys["Token"],
            until=datetime.fromisoformat(keys["Expiration"]),
        )
    except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
        raise Unavailable("the source of AWS keys") from error
    finally:
        connection.close()
