"""Before a function's own handler, where a house has an edge: who comes past it is shown there.

Lambda is told `waddlebot.runtime.origin_door.handler`, and finds in WADDLEBOT_BEHIND_THE_EDGE the
function's own. CloudFront shows one of two keys; both are good at any time, so that one is changed
while the other is shown. It costs no round trip: keys are put in at a deploy. Calls that no gateway
made, of functions and the clock, pass as they are: IAM lets those in.
"""

from __future__ import annotations

import hmac
import importlib
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from waddlebot.runtime.environment import NOT_SET

Event = Mapping[str, Any]
Handler = Callable[[Event, object], Any]

BEHIND = "WADDLEBOT_BEHIND_THE_EDGE"
"""The dotted name of the handler behind this door."""
HANDLER = "waddlebot.runtime.origin_door.handler"
ORIGIN_KEYS = ("WADDLEBOT_ORIGIN_KEY_A", "WADDLEBOT_ORIGIN_KEY_B")
HEADER = "x-waddlebot-origin"
"""CloudFront puts it in place of whatever a viewer sent under this name."""
_FORWARDED = "x-forwarded-for"
REFUSAL = {
    "statusCode": 403,
    "headers": {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"},
    "body": (
        "WaddleBot is not reached here: come by its own name. (To whoever runs it: if you did, "
        "CloudFront shows a key that is not set any more; deploy with the other origin_key.)\n"
    ),
}


@dataclass(frozen=True, slots=True)
class OriginDoor:
    """`keys` are those that are good; with none nobody gets in."""

    handler: Handler
    keys: tuple[bytes, ...]

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> OriginDoor:
        """Raises KeyError, and what an import raises: the function is not set up."""
        module, _, name = variables[BEHIND].rpartition(".")
        values = [variables.get(one, "") for one in ORIGIN_KEYS]
        keys = tuple(value.encode() for value in values if value not in ("", NOT_SET))
        return cls(getattr(importlib.import_module(module), name), keys)

    def __call__(self, aws_event: Event, context: object) -> Any:
        asked = aws_event.get("requestContext") or {}
        if "http" not in asked and asked.get("eventType") != "CONNECT":
            return self.handler(aws_event, context)
        headers = {name.lower(): value for name, value in (aws_event.get("headers") or {}).items()}
        if not self._is_good(headers.pop(HEADER, "")):
            return REFUSAL
        return self.handler(_as_it_began(aws_event, headers), context)

    def _is_good(self, shown: str) -> bool:
        return any(hmac.compare_digest(shown.encode(), key) for key in self.keys)


def _as_it_began(aws_event: Event, headers: Mapping[str, str]) -> Event:
    """Without the key, and from whom CloudFront had it: to a gateway all come from CloudFront."""
    asked = aws_event["requestContext"]
    part = "http" if "http" in asked else "identity"
    came = {**asked[part], "sourceIp": _viewer(headers, asked[part]["sourceIp"])}
    # Spelled as a gateway may spell it, and more than once: of a socket it has them twice.
    rest = {name: value for name, value in aws_event.items() if name != "multiValueHeaders"}
    return {**rest, "headers": headers, "requestContext": {**asked, part: came}}


def _viewer(headers: Mapping[str, str], source_ip: str) -> str:
    """CloudFront ends this list with whom it had the request from, and the gateway with CloudFront;
    what stands before that anybody may have written.
    """
    hops = [one.strip() for one in headers.get(_FORWARDED, "").split(",")]
    if hops[-1] == source_ip:
        hops.pop()
    try:
        return str(ipaddress.ip_address(hops[-1]))
    except (IndexError, ValueError):
        return source_ip


def __getattr__(name: str) -> Any:
    """`handler`, made when Lambda looks it up at its start, so that a snapshot has it whole."""
    if name != "handler":
        raise AttributeError(name)
    import os

    return OriginDoor.of(os.environ)
