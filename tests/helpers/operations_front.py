"""The doors that operators' verbs knock at, behind a small real HTTP server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from functions.catalogue import COMMUNITIES, OPERATIONS
from functions.communities import handler as communities
from functions.declaration import gateway_routes
from functions.operations import handler as operations
from local.api_gateway.events import HttpRequest, HttpResponse, event_of, response_of
from local.api_gateway.routes import GatewayRoute, RouteTable
from tests.helpers.aws_context import AwsContext

ROUTES = RouteTable(
    [
        GatewayRoute(method=route.method, path=route.path, function=function.name)
        for function in (*OPERATIONS, *COMMUNITIES)
        for route in gateway_routes(function)
    ]
)


HANDLERS = {"operations": operations.handler, "communities": communities.handler}


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        response = self._ask(path, query, body)
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def _ask(self, path: str, query: str, body: bytes) -> HttpResponse:
        found = ROUTES.find(self.command, path)
        if found is None:
            return HttpResponse(status=404, headers=[], body=b'{"message": "Not Found"}')
        request = HttpRequest(
            method=self.command,
            path=path,
            query=query,
            protocol="HTTP/1.1",
            scheme="http",
            source_ip="127.0.0.1",
            headers=[(name.lower(), value) for name, value in self.headers.items()],
            body=body,
            at=datetime.now(UTC),
        )
        handler = HANDLERS[found.route.function]
        answer = handler(json.loads(event_of(request, found)), AwsContext())
        return response_of(json.dumps(answer).encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def listening(door: type[BaseHTTPRequestHandler] = Door) -> Iterator[str]:
    """The address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
