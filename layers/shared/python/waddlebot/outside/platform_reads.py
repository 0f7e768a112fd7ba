"""What functions read from a platform's own API, under a deadline and never twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2

from waddlebot.outside.connecting import Transport, ending
from waddlebot.platforms.delivering import HttpAnswer, HttpCall

TIMEOUT = httpx2.Timeout(2.0, connect=1.0)


def _client() -> httpx2.Client:
    # The platform's own host, as the operator named it: it is not checked.
    return httpx2.Client(transport=Transport(), timeout=TIMEOUT)


@dataclass(frozen=True, slots=True)
class PlatformReads:
    """Kept as long as a process lives; safe to share between threads."""

    _http: httpx2.Client = field(default_factory=_client)

    def ask(self, call: HttpCall, *, seconds: float) -> HttpAnswer:
        """Status 0 where there is no answer within so many seconds, or none that is JSON."""
        try:
            with ending(seconds):
                answer = self._http.request(call.method, call.url, headers=dict(call.headers))
                told: Any = answer.json()
        except (httpx2.HTTPError, ValueError, RecursionError):
            return HttpAnswer(status=0)
        return HttpAnswer(status=answer.status_code, headers=dict(answer.headers), json=told)

    def close(self) -> None:
        self._http.close()
