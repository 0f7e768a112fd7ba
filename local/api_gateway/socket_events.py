"""What a function of a WebSocket API is woken with.

Source: "Set up a WebSocket API integration request", "Lambda proxy integrations for WebSocket
APIs", and recorded events of AWS's samples.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from local.api_gateway.events import ACCOUNT, API_ID, joined

STAGE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshake:
    """Who wants a socket. `query` is as the WebSocket API gets it: it has no path of its own."""

    source_ip: str
    headers: Sequence[tuple[str, str]]
    query: str
    id: str = field(default_factory=lambda: base64.b64encode(secrets.token_bytes(11)).decode())
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def header(self, name: str) -> str:
        return next((value for one, value in self.headers if one == name), "")


def connect_event(one: Handshake) -> bytes:
    event: dict[str, Any] = {
        "headers": joined(one.headers),
        "multiValueHeaders": _lists(one.headers),
        "requestContext": _context(one, "$connect", "CONNECT"),
        "isBase64Encoded": False,
    }
    if pairs := parse_qsl(one.query, keep_blank_values=True):
        event["queryStringParameters"] = dict(pairs)  # of repeated ones the last
        event["multiValueQueryStringParameters"] = _lists(pairs)
    return json.dumps(event).encode()


def message_event(one: Handshake, body: str | bytes) -> bytes:
    is_text = isinstance(body, str)
    return json.dumps(
        {
            "requestContext": {
                **_context(one, "$default", "MESSAGE"),
                "messageId": secrets.token_urlsafe(12),
            },
            "body": body if is_text else base64.b64encode(bytes(body)).decode("ascii"),  # type: ignore[arg-type]
            "isBase64Encoded": not is_text,
        }
    ).encode()


def disconnect_event(one: Handshake, code: int, reason: str) -> bytes:
    host = one.header("host")
    return json.dumps(
        {
            "headers": {"Host": host, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": ""},
            "multiValueHeaders": {"Host": [host]},
            "requestContext": {
                **_context(one, "$disconnect", "DISCONNECT"),
                "disconnectStatusCode": code,
                "disconnectReason": reason,
            },
            "isBase64Encoded": False,
        }
    ).encode()


def _context(one: Handshake, route: str, kind: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "connectedAt": int(one.at.timestamp() * 1000),
        "connectionId": one.id,
        "domainName": one.header("host").partition(":")[0],
        "eventType": kind,
        "extendedRequestId": secrets.token_urlsafe(11),
        "identity": {"sourceIp": one.source_ip, "userAgent": one.header("user-agent")},
        "messageDirection": "IN",
        "requestId": secrets.token_urlsafe(11),
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(now.timestamp() * 1000),
        "routeKey": route,
        "stage": STAGE,
    }


def _lists(pairs: Sequence[tuple[str, str]]) -> Mapping[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return lists
