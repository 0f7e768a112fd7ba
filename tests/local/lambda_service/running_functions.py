"""A service running in a thread, and a caller of its Invoke API."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from local.lambda_service import LambdaService, LocalFunction

FUNCTIONS = Path(__file__).parent / "functions_under_test"
SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=anybody"}

Result = TypeVar("Result")


class EventLoop:
    """An event loop in a thread, where a service lives as it does in the launcher."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def is_error(self) -> bool:
        return self.headers.get("x-amz-function-error") == "Unhandled"


class Client:
    """A caller with one connection to the Invoke API."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)

    def invoke(self, name: str, payload: Any = None, **headers: str) -> Answer:
        return self.post(name, json.dumps(payload).encode(), **headers)

    def post(self, name: str, body: bytes, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        path = f"/2015-03-31/functions/{name}/invocations"
        self._connection.request("POST", path, body, SIGNED | sent)
        return answer_of(self._connection.getresponse())

    def close(self) -> None:
        self._connection.close()


def answer_of(response: http.client.HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(status=response.status, headers=headers, body=response.read())


def a_function(name: str, **settings: Any) -> LocalFunction:
    given = {
        "name": name,
        "handler": f"samples.{name}",
        "environment": {},
        "timeout_seconds": 5,
        "python_path": (FUNCTIONS,),
    }
    return LocalFunction(**(given | settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    service: LambdaService
    loop: EventLoop
    logs: Path

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text()


Start = Callable[..., Running]
