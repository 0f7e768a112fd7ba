"""In place of CloudFront: what the deployed distribution says of origins, paths and keys is done.

It stands on loopback without TLS, and has no web ACL. Names of API Gateway are led to MiniStack.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from infra.rehearsal.emulator import Emulator
from infra.rehearsal.front_door import DeployedApi
from infra.rehearsal.progress import RehearsalFailed
from waddlebot.runtime.house_secrets import secret_name
from waddlebot.runtime.origin_door import HEADER, ORIGIN_KEYS

CHUNK = 64 * 1024
LINE_SECONDS = 60.0
END_OF_HEAD = b"\r\n\r\n"
PATH = "/api/openapi.json"
"""What everybody may ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeOrigin:
    """`host` is as which it is asked; `headers` are put in place of a viewer's own."""

    host: str
    headers: Mapping[str, str]


class RehearsedEdge:
    """Of the one distribution that was deployed. Raises RehearsalFailed where it is not that."""

    def __init__(self, emulator: Emulator, domain: str) -> None:
        self._emulator = emulator
        _, self._config = distribution_at(emulator, domain)
        self._origins = {one["Id"]: self._origin(one) for one in self._config["Origins"]["Items"]}
        edge = self

        class ViewersLine(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                edge.carry(self.request)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), ViewersLine)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def carry(self, viewer: socket.socket) -> None:
        """One request, or one socket for as long as it is open."""
        head, rest = _head_of(viewer)
        if not head:
            return
        origin = self._origins[self._target(head.split(b" ", 2)[1].decode())]
        address = "127.0.0.1", self._emulator.port
        with socket.create_connection(address, timeout=LINE_SECONDS) as behind:
            behind.sendall(rewritten(head, origin, str(viewer.getpeername()[0])) + rest)
            threading.Thread(target=_pump, args=(viewer, behind), daemon=True).start()
            _pump(behind, viewer)

    def must_be_the_only_way_in(self, stage: str, api: str) -> str:
        """Past it nobody is answered, but for both keys. In words what was seen."""
        past = DeployedApi(port=self._emulator.port, api=api)
        shown: list[int] = []
        for key in ("", "guessed", *map(self._key_of(stage), ORIGIN_KEYS)):
            status, _ = past.ask("GET", PATH, headers={HEADER: key} if key else {})
            shown.append(status)
        if shown != [403, 403, 200, 200]:
            raise RehearsalFailed(f"without a key, with a false one, with both: {shown}")
        return f"past it 403, with either key 200; {len(self._origins)} origins"

    def _key_of(self, stage: str) -> Any:
        client = self._emulator.client("secretsmanager")

        def value(name: str) -> str:
            return str(client.get_secret_value(SecretId=secret_name(stage, name))["SecretString"])

        return value

    def _origin(self, told: Any) -> EdgeOrigin:
        headers = {
            one["HeaderName"]: one["HeaderValue"] for one in told["CustomHeaders"].get("Items", [])
        }
        return EdgeOrigin(host=self._host(told["DomainName"]), headers=headers)

    def _host(self, name: str) -> str:
        """MiniStack knows an API's own name for HTTP alone."""
        client = self._emulator.client("apigatewayv2")
        [mapped] = client.get_api_mappings(DomainName=name)["Items"]
        api = client.get_api(ApiId=mapped["ApiId"])
        if api["ProtocolType"] == "HTTP":
            return name
        return f"{mapped['ApiId']}.execute-api.localhost"

    def _target(self, target: str) -> str:
        """As the paths of the behaviours say."""
        path = target.partition("?")[0]
        for one in self._config["CacheBehaviors"]["Items"]:
            if fnmatchcase(path, one["PathPattern"]):
                return str(one["TargetOriginId"])
        return str(self._config["DefaultCacheBehavior"]["TargetOriginId"])


def distribution_at(emulator: Emulator, name: str) -> tuple[str, Any]:
    """Its ARN, and what was told of it. Raises RehearsalFailed: there is not one of them."""
    client = emulator.client("cloudfront")
    every = client.list_distributions()["DistributionList"].get("Items", [])
    found = [one for one in every if one["Aliases"]["Items"] == [name]]
    if len(found) != 1:
        raise RehearsalFailed(f"no distribution for {name}: {every}")
    told = client.get_distribution_config(Id=found[0]["Id"])["DistributionConfig"]
    return str(found[0]["ARN"]), told


def _head_of(viewer: socket.socket) -> tuple[bytes, bytes]:
    """And what came behind it already."""
    viewer.settimeout(LINE_SECONDS)
    came = b""
    while END_OF_HEAD not in came:
        more = viewer.recv(CHUNK)
        if not more:
            return b"", b""
        came += more
    head, _, rest = came.partition(END_OF_HEAD)
    return head, rest


def rewritten(head: bytes, origin: EdgeOrigin, viewer: str) -> bytes:
    """One request a line, as the head alone is read; sockets stay open."""
    first, *lines = head.split(b"\r\n")
    is_socket = any(line.lower().startswith(b"upgrade:") for line in lines)
    own = {**origin.headers, "Host": origin.host, "X-Forwarded-For": viewer}
    if not is_socket:
        own["Connection"] = "close"
    replaced = {name.lower().encode() for name in own}
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in replaced]
    put = [f"{name}: {value}".encode() for name, value in own.items()]
    return b"\r\n".join([first, *kept, *put]) + END_OF_HEAD


def _pump(reader: socket.socket, writer: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := reader.recv(CHUNK):
            writer.sendall(said)
    with contextlib.suppress(OSError):
        writer.shutdown(socket.SHUT_WR)
