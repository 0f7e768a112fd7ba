"""Who may use the stand-ins and the playground, asked through the port that everybody sees."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from local.callers import LocalCallers
from tests.helpers.small_house import DESK, small_house

LINE = json.dumps({"as": "olga", "on": "twitch", "text": "!quote"})
JSON = "application/json"
DOORS = ("/", "/playground/breakers", "/stand-ins/places", "/stand-ins/replies?after=0")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with small_house() as url:
        yield urlsplit(url).port or 0


def asked(port: int, path: str, host: str = "", **headers: str) -> int:
    return status_of(port, "GET", path, {"host": host or f"localhost:{port}", **spelled(headers)})


def said(port: int, host: str = "", kind: str = JSON, **headers: str) -> int:
    told = {"host": host or f"localhost:{port}", "content-type": kind, **spelled(headers)}
    return status_of(port, "POST", "/stand-ins/says", told, LINE)


def spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def status_of(port: int, method: str, path: str, headers: dict[str, str], body: str = "") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("content-length", str(len(body)))
        connection.endheaders(body.encode())
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_this_machine_is_served_under_its_own_names(port: int, host: str) -> None:
    assert [asked(port, door, f"{host}:{port}") for door in DOORS] == [200] * 4
    assert said(port, host) == 200
    assert said(port, f"{host}:9000") == 200  # a port that somebody forwarded to themselves


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.7", "@localhost:1"],
)
def test_a_name_that_was_bent_to_this_machine_opens_nothing(port: int, host: str) -> None:
    assert [asked(port, door, host) for door in DOORS] == [403] * 4
    assert said(port, host) == 403
    assert said(port, host, origin=f"http://{host}") == 403


@pytest.mark.parametrize(
    ("client", "is_served"),
    [("127.0.0.1", True), ("::1", True), ("192.0.2.7", False), ("10.0.0.7", False), (None, False)],
)
def test_who_calls_from_another_machine_is_not_served_whatever_it_says(
    client: str | None, *, is_served: bool
) -> None:
    """The port listens on loopback alone: this holds should it ever listen elsewhere too."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/stand-ins/places",
        "client": (client, 50_000) if client else None,
        "headers": [(b"host", b"localhost:8000")],
    }
    assert (LocalCallers(port=8000).refusal(scope) is None) is is_served


def test_who_names_no_host_or_two_is_not_served(port: int) -> None:
    assert status_of(port, "GET", "/stand-ins/places", {}) in (400, 403)
    told = {"host": f"localhost:{port}", "Host": "evil.example"}
    assert status_of(port, "GET", "/stand-ins/places", told) in (400, 403)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "https://localhost:{port}"]
)
def test_a_page_of_somebody_else_says_nothing_and_reads_nothing(port: int, origin: str) -> None:
    theirs = origin.format(port=port)
    assert said(port, origin=theirs) == 403
    assert [asked(port, door, origin=theirs) for door in DOORS] == [403] * 4


def test_the_playground_s_own_page_is_served(port: int) -> None:
    own = {"origin": f"http://localhost:{port}", "sec_fetch_site": "same-origin"}
    assert said(port, **own) == 200
    assert asked(port, "/", sec_fetch_site="none", sec_fetch_mode="navigate") == 200


def test_a_link_to_the_playground_works_and_a_picture_of_it_does_not(port: int) -> None:
    assert asked(port, "/", sec_fetch_site="cross-site", sec_fetch_mode="navigate") == 200
    picture = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}
    assert asked(port, "/stand-ins/replies?after=0&wait=60", **picture) == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_a_form_can_send_is_no_line(port: int, kind: str) -> None:
    assert said(port, kind=kind) == 415
    told = {"host": f"localhost:{port}", "content-type": kind}
    assert status_of(port, "POST", "/playground/breakers/hang", told, "{}") == 415


@pytest.mark.parametrize(
    "header",
    ["x_forwarded_for", "x_forwarded_proto", "x_forwarded_host", "forwarded", "cf_connecting_ip",
     "x_real_ip", "via"],
)  # fmt: skip
def test_nothing_comes_through_a_tunnel_even_under_our_name(port: int, header: str) -> None:
    assert said(port, **{header: "203.0.113.7"}) == 403
    assert [asked(port, door, **{header: "localhost"}) for door in DOORS] == [403] * 4


def test_the_name_of_a_remote_desktop_is_this_machine_s_too(port: int) -> None:
    assert said(port, DESK, origin=f"https://{DESK}") == 200
    assert said(port, DESK, x_forwarded_for="203.0.113.7", x_forwarded_host=DESK) == 200
    assert said(port, x_forwarded_host=DESK, origin=f"https://{DESK}") == 200
    assert said(port, DESK, origin="https://evil.example") == 403
    assert said(port, DESK, x_forwarded_host="evil.example") == 403
    assert said(port, "evil.example", x_forwarded_host=DESK) == 403


def test_a_socket_of_a_foreign_page_is_not_opened(port: int) -> None:
    told = {
        "host": f"localhost:{port}",
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    gateway = "/stand-ins/discord/gateway?v=10"
    assert status_of(port, "GET", gateway, told) == 101
    assert status_of(port, "GET", gateway, {**told, "origin": "https://evil.example"}) == 403


def test_the_bot_itself_still_calls_the_platforms_with_forms(port: int) -> None:
    told = {
        "host": f"127.0.0.1:{port}",
        "content-type": "application/x-www-form-urlencoded",
        "authorization": "Bearer stand-in-token",
    }
    assert status_of(port, "POST", "/stand-ins/slack/api/auth.test", told, "a=b") == 200
