"""`@connections`: how a function of ours reaches an open socket.

Source: "Use @connections commands in your backend service", PostToConnection and its errors in the
API Gateway management API. A signature must be there but is not checked, as for Lambda's Invoke.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import unquote

from local.api_gateway.open_sockets import OpenSocket, SocketLimits, WaitsTooLong
from local.api_gateway.socket_events import STAGE
from local.lambda_service.http_server import HttpServer, ServedConnection, WholeRequest

CONNECTION = re.compile(rf"/{STAGE}/@connections/([^/?]+)")
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^,]+/execute-api/aws4_request,")


class ConnectionsApi:
    """`open_sockets` by connection id."""

    def __init__(self, open_sockets: Mapping[str, OpenSocket], limits: SocketLimits) -> None:
        self._open = open_sockets
        self._server = HttpServer(self._answer, body_limit=limits.message_bytes)

    async def start(self) -> str:
        """The address that AWS would give as the stage's own."""
        return f"http://127.0.0.1:{await self._server.start()}/{STAGE}"

    def stop(self) -> None:
        self._server.close()

    def _answer(self, request: WholeRequest, connection: ServedConnection) -> None:
        found = CONNECTION.fullmatch(request.target)
        if found is None or request.method not in {"POST", "GET", "DELETE"}:
            return _refuse(connection, 403, "ForbiddenException", "Forbidden")
        if not SIGNED.match(request.headers.get("authorization", "")):
            words = "Missing Authentication Token"
            return _refuse(connection, 403, "MissingAuthenticationTokenException", words)
        socket = self._open.get(unquote(found[1]))
        if socket is None or socket.ended.done():
            return _refuse(connection, 410, "GoneException", None)
        if request.is_too_long:
            return _refuse(connection, 413, "PayloadTooLargeException", "Message too long")
        return _done(request, connection, socket)


def _done(request: WholeRequest, connection: ServedConnection, socket: OpenSocket) -> None:
    match request.method:
        case "DELETE":
            socket.close()
            connection.respond(204)
        case "GET":
            connection.respond(200, _told(socket), {"Content-Type": "application/json"})
        case _:
            try:
                socket.post(request.body)
            except WaitsTooLong:
                _refuse(connection, 429, "LimitExceededException", "Too Many Requests")
            else:
                connection.respond(200)


def _told(socket: OpenSocket) -> bytes:
    handshake = socket.handshake
    identity = {"sourceIp": handshake.source_ip, "userAgent": handshake.header("user-agent")}
    return json.dumps(
        {
            "connectedAt": _moment(handshake.at),
            "identity": identity,
            "lastActiveAt": _moment(socket.last_active),
        }
    ).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refuse(connection: ServedConnection, status: int, kind: str, message: str | None) -> None:
    body = json.dumps({"message": message}).encode()
    connection.respond(status, body, {"Content-Type": "application/json", "x-amzn-ErrorType": kind})
