"""How functions ask a service's own address for tokens: once, and patiently.

An answer that is not waited for may have held the only tokens that are any good from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2

from waddlebot.outside.connecting import Transport, ending
from waddlebot.platforms.delivering import HttpAnswer, HttpCall

TIMEOUT = httpx2.Timeout(10.0, connect=1.0)


def _client() -> httpx2.Client:
    # The service's own host, as the operator named it: it is not checked.
    return httpx2.Client(transport=Transport(), timeout=TIMEOUT)


@dataclass(frozen=True, slots=True)
class TokenCalls:
    """Kept as long as a process lives; safe to share between threads."""

    _http: httpx2.Client = field(default_factory=_client)

    def ask(self, call: HttpCall, seconds: float) -> HttpAnswer:
        """Status 0 where nobody answered in time; `json` is None where the answer is none."""
        try:
            with ending(seconds):
                answer = self._http.request(
                    call.method,
                    call.url,
                    headers=dict(call.headers),
                    data=dict(call.form) if call.form is not None else None,
                    json=call.json,
                )
        except httpx2.HTTPError:
            return HttpAnswer(status=0)
        return HttpAnswer(
            status=answer.status_code, headers=dict(answer.headers), json=_json(answer)
        )

    def close(self) -> None:
        self._http.close()


def _json(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None
