"""What the port of `make run` gives to whom: tunnels, real tokens, secrets from outside."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from local.port import free_port
from tests.helpers import signed
from tests.helpers.homes import a_home
from tests.helpers.house import House, running
from tests.helpers.local_verbs import said_by
from tests.helpers.overlay_addresses import paths_in
from tests.helpers.patience import eventually

pytestmark = pytest.mark.xdist_group("houses of their own")

NOBODY = 65_534
SECRETS = {"SLACK_SIGNING_SECRET": "5" * 32, "TWITCH_EVENTSUB_SECRET": "t" * 40}


@dataclass(slots=True)
class Platform:
    """A platform at its own address, which takes one token."""

    url: str = ""
    token: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def a_platform(token: str) -> Iterator[Platform]:
    platform = Platform(token=token)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            platform.asked.append(f"{self.path} {self.headers.get('authorization')}")
            is_known = self.headers.get("authorization") == f"Bot {platform.token}"
            body = json.dumps(self._answer() if is_known else {"message": "401: Unauthorized"})
            self.send_response(200 if is_known else 401)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_PUT = do_POST = do_GET  # noqa: N815 - http.server's names

        def _answer(self) -> Any:
            path = self.path.partition("?")[0].rpartition("/")[2]
            return [] if path in ("guilds", "commands") else {"id": "77", "username": "waddle"}

        def log_message(self, *_: object) -> None:
            """Nothing to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    platform.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A house with secrets from outside, and where a tunnel leads to it."""

    house: House
    outside: House
    theirs: House
    """As those sign who gave the secrets."""


@pytest.fixture(scope="module")
def given() -> Iterator[Given]:
    port = free_port()
    with a_home() as home, running(home, WADDLEBOT_TUNNEL=str(port), **SECRETS) as (house, _):
        assert (
            f"http://localhost:{port} (webhooks, and what the bot names)"
            in (home / "terminal").read_text()
        )
        yield Given(
            house=house,
            outside=replace(house, url=f"http://127.0.0.1:{port}"),
            theirs=replace(house, home=_with_keys(home, SECRETS)),
        )


def test_a_tunnel_leads_to_the_webhooks_and_to_nothing_else(given: Given) -> None:
    tunnelled = {"host": "pond.ngrok.app", "x-forwarded-for": "203.0.113.7"}
    for path in ("/", "/stand-ins/places", "/playground/", "/health", "/signin", "/api/x"):
        assert given.outside.ask("GET", path, headers=tunnelled)[0] == 404, path
    line = json.dumps({"as": "olga", "on": "twitch", "text": "!quote"}).encode()
    for path in ("/stand-ins/says", "/api/router/process", "/webhooks/../stand-ins/says"):
        assert given.outside.ask("POST", path, body=line, headers=tunnelled)[0] == 404, path
    delivery = signed.slack_slash(given.theirs, "help", team="T1", channel="C1")
    assert delivery.send(given.outside)[0] == 200
    assert delivery.damaged().send(given.outside)[0] == 401


def test_through_a_tunnel_comes_whom_the_bot_sent_there(given: Given) -> None:
    """To an overlay and its socket, and to a form, by addresses that nobody guesses."""
    chat = given.house.chat(on="discord")
    chat.says("olga", "!overlay ticker")
    told = chat.hears("In OBS: ", within=15, to="olga")
    assert told is not None
    [path] = paths_in(told["text"])
    assert "<title>WaddleBot ticker</title>" in given.outside.ask("GET", path)[1]
    socket = f"{given.outside.url.replace('http', 'ws', 1)}{path}"
    with connect(socket, open_timeout=20) as page:
        page.send("ping")
        assert page.recv(timeout=20) == "pong"
    status, said = given.outside.ask("GET", "/forms/nothing")
    assert (status, "no longer kept" in said) == (404, True)


def test_a_stand_in_signs_nothing_with_a_secret_from_outside(given: Given) -> None:
    house = given.house
    for platform, secret in (
        ("slack", "SLACK_SIGNING_SECRET"),
        ("twitch", "TWITCH_EVENTSUB_SECRET"),
    ):
        line = {"as": "olga", "on": platform, "text": "!quote"}
        told = house.post("/stand-ins/says", line)
        assert f"{secret} was given from outside" in told["error"]["message"]
        happens = {"as": "olga", "on": platform, "type": "follow"}
        assert house.post("/stand-ins/happens", happens)["error"]
        assert house.post("/stand-ins/break", {"on": platform, "what": "repeat"})["error"]
    delivery = signed.slack_slash(given.theirs, "help", team="T1", channel="C1")
    assert delivery.send(house)[0] == 200
    chat = house.chat(on="discord")
    assert chat.asks("ana", "!help", "!quote", within=15)


def _with_keys(home: Path, keys: dict[str, str]) -> Path:
    """A folder with the same keys but these."""
    folder = home / "theirs"
    folder.mkdir()
    lines = (home / "dev.env").read_text() + "".join(f"\n{k}={v}" for k, v in keys.items())
    (folder / "dev.env").write_text(lines)
    return folder


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[House, Platform]]:
    """Discord is itself there."""
    with (
        a_platform("current") as discord,
        a_home() as home,
        running(home, DISCORD_TOKEN="current", DISCORD_API_URL=discord.url) as (house, _),
    ):
        yield house, discord


def test_an_accepted_token_is_told_and_so_is_what_else_is_missing(
    real: tuple[House, Platform],
) -> None:
    told = (real[0].home / "terminal").read_text()
    assert "real: DISCORD_TOKEN is waddle's" in told
    assert "MISSING: DISCORD_PUBLIC_KEY is not set" in told
    assert "Discord, " not in told


def test_a_platform_with_a_real_token_has_no_stand_in(real: tuple[House, Platform]) -> None:
    house, discord = real
    told = house.post("/stand-ins/says", {"as": "olga", "on": "discord", "text": "!quote"})
    assert "Discord is real here (DISCORD_TOKEN is set)" in told["error"]["message"]
    assert house.get("/stand-ins/discord/api/v10/gateway")["error"]["code"] == "NOT_FOUND"
    assert house.get("/stand-ins/discord/oauth2/authorize")["error"]["code"] == "NOT_FOUND"
    assert "discord" in house.get("/stand-ins/places")["closed"]
    assert house.ask("GET", "/signin/discord")[0] == 404
    chat = house.chat(on="twitch")
    assert chat.asks("ana", "!help", "!quote", within=15)
    assert eventually(lambda: any("current" in one for one in discord.asked), within=15)
    assert house.keys["STAND_IN_TOKEN"] not in str(discord.asked)


def test_a_refused_token_is_told_where_somebody_looks(home: Path) -> None:
    with (
        a_platform("the new one") as discord,
        running(home, DISCORD_TOKEN="the old one", DISCORD_API_URL=discord.url) as (house, _),
    ):
        told = (home / "terminal").read_text()
        assert "Slack, Twitch (no accounts needed)" in told
        assert "Discord does not take DISCORD_TOKEN" in told
        assert "Reset Token" in told
        given = {"DISCORD_TOKEN": "the old one", "DISCORD_API_URL": discord.url}
        code, said = said_by(home, "doctor", **given)
        assert code == 1
        assert "BAD  discord" in said
        assert "Discord does not take DISCORD_TOKEN" in said
        assert eventually(lambda: "DISCORD_TOKEN must be" in trouble_of(house), within=20)


def trouble_of(house: House) -> str:
    key = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    claims = house.get("/api/operations/claims", **key)["claims"]
    return " ".join(claim["trouble"] for claim in claims)


ASK = """
import json, socket, sys
port, how, text = sys.argv[1:]
with socket.create_connection(("127.0.0.1", int(port)), 15) as link:
    body = json.dumps({"as": "olga", "on": "twitch", "text": text}).encode()
    link.sendall(b"POST /stand-ins/says HTTP/1.1\\r\\nhost: localhost\\r\\n"
                 b"content-type: application/json\\r\\ncontent-length: %d\\r\\n\\r\\n" % len(body))
    link.sendall(body)
    if how == "waits":
        print(link.recv(65536).split(b" ")[1].decode())
"""


def said_as(user: int, house: House, how: str, text: str) -> str:
    done = subprocess.run(
        ["/usr/bin/env", "python3", "-I", "-c", ASK, house.url.rpartition(":")[2], how, text],
        user=user,
        group=user,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout.strip()


def seen_lines(house: House) -> str:
    """What people at the stand-ins have said so far."""
    feed = urllib.request.urlopen(f"{house.url}/stand-ins/feed?after=0", timeout=2)  # noqa: S310
    lines = b""
    with feed, contextlib.suppress(TimeoutError):  # it has no end
        while line := feed.readline():
            lines += line
    return lines.decode()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="this system does not tell")
def test_another_user_of_the_machine_speaks_for_nobody(house: House) -> None:
    ours, theirs = f"hello {uuid.uuid4().hex}", f"hello {uuid.uuid4().hex}"
    assert said_as(0, house, "waits", ours) == "200"
    try:
        assert said_as(NOBODY, house, "waits", theirs) == "403"
    except subprocess.CalledProcessError as error:
        pytest.skip(f"nobody may run no Python here: {error.stderr[-200:]}")
    for _ in range(20):
        said_as(NOBODY, house, "leaves at once", theirs)
    seen = seen_lines(house)
    assert ours in seen
    assert theirs not in seen
