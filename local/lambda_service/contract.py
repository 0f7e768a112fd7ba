"""What the service is told about a function, and what it says about an invocation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

REGION = "us-east-1"
ACCOUNT = "000000000000"
VERSION = "$LATEST"

# Lambda's own limits, in bytes.
PAYLOAD_LIMIT = 6 * 1024 * 1024
ASYNC_PAYLOAD_LIMIT = 1024 * 1024
RESPONSE_LIMIT = PAYLOAD_LIMIT + 100

SIX_HOURS = 6 * 60 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokeAnswer:
    """What the Invoke API answers.

    `status` is its HTTP status: 200 also for a function that failed (`function_error` is then
    "Unhandled"), 202 and 204 for events and dry runs, 4xx with `error_type` for a call it refused.
    `log_tail` is the last 4 kB of START, output, END and REPORT.
    """

    status: int
    request_id: str
    payload: bytes = b""
    function_error: str | None = None
    error_type: str | None = None
    log_tail: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFunction:
    """One function: its handler, all it sees, and its limits.

    `handler` is dotted ("functions.router.stream_handler.handler"); `python_path` is the task
    root, then the layers. `environment` is exactly what it sees besides the runtime's own
    variables, PATH and LANG; its time zone is UTC, as on AWS. `concurrency` is reserved: a call
    beyond it is refused with 429. `memory_mb` is what the function is told. An `isolated` function
    runs in a bare interpreter that finds only the standard library, the runtime client and
    `python_path`, gets a MemoryError some way beyond `memory_mb`, and is ended with all that it
    started when its call is over, `warm` or not. `retries`,
    `retry_after_seconds`, `maximum_age_seconds` and `on_failure` (event and last answer) govern
    asynchronous calls; `warm` workers are started with the service and kept.
    """

    name: str
    handler: str
    environment: Mapping[str, str]
    timeout_seconds: float
    python_path: tuple[Path, ...]
    memory_mb: int = 256
    concurrency: int = 10
    isolated: bool = False
    retries: int = 2
    retry_after_seconds: float = 60
    maximum_age_seconds: float = SIX_HOURS
    on_failure: Callable[[bytes, InvokeAnswer], object] | None = None
    warm: int = 0

    @property
    def arn(self) -> str:
        return function_arn(self.name)


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
