"""Sockets of overlays through the front door: who may open one, what comes by it, how it ends."""

from __future__ import annotations

import base64
import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import redis
from websockets.exceptions import ConnectionClosed, InvalidStatus

from local.api_gateway import SocketLimits
from tests.helpers.events_and_commands import TWITCH
from tests.helpers.overlays import a_token
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls
from tests.helpers.socket_room import SocketRoom, ending, frames, give_token, socket_room
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

SOON = SocketLimits(idle_seconds=1.5, life_seconds=6)
SMALL = SocketLimits(message_bytes=4_000)
"""Of API Gateway's limits, so that nobody waits for two hours."""


@pytest.fixture
def room(
    database: Postgres,
    database_urls: Urls,
    limits: redis.Redis,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[SocketRoom]:
    assert limits.dbsize() == 0  # nobody has come yet
    versions: Versions = request.getfixturevalue("versions")
    with editing(database, versions) as edit:
        community = Places(edit).open(TWITCH)
    limits_of_it = getattr(request, "param", None)
    with socket_room(database, community, dict(database_urls), tmp_path, limits_of_it) as room:
        yield room


def post(room: SocketRoom, connection: str, body: bytes = b"{}", **more: str) -> int:
    """To `@connections`, as somebody with a signature of ours does."""
    credential = "Credential=local/20261129/us-east-1/execute-api/aws4_request"
    signature = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=00"
    answer = httpx.request(
        more.get("method", "POST"),
        f"{room.sockets.url}/@connections/{quote(connection, safe='')}",
        content=body,
        headers={"authorization": more.get("signature", signature)},
    )
    return answer.status_code


@contextlib.contextmanager
def reads_nothing(room: SocketRoom) -> Iterator[None]:
    with socket.create_connection(("127.0.0.1", room.port), timeout=20) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        asked = (
            *(f"GET /{room.token()}/ticker HTTP/1.1", "host: x", "connection: upgrade"),
            *("upgrade: websocket", "sec-websocket-version: 13"),
            f"sec-websocket-key: {base64.b64encode(b'0' * 16).decode()}",
        )
        link.sendall("\r\n".join((*asked, "", "")).encode())
        yield


def refused(room: SocketRoom, path: str = "", source_ip: str = "") -> int:
    try:
        with room.open(path, source_ip=source_ip):
            return 101
    except InvalidStatus as error:
        return error.response.status_code


def test_what_is_shown_comes_by_every_socket_that_is_open_once_and_in_order(
    room: SocketRoom,
) -> None:
    with room.open() as first, room.open(f"/overlay/{room.token()}/ticker") as second:
        room.push("one", "two")

        for socket in (first, second):
            one, two = frames(socket, 2)
            assert [one["n"], two["n"]] == [1, 2]
            assert [one["text"], two["text"]] == ["one", "two"]
            assert [one["before"], two["before"]] == [0, 1]
            assert one["source"] == "ticker"
        assert len(room.known()) == 2
        room.push("three")
        assert frames(first)[0]["before"] == 2

        first.send("ping")
        assert first.recv(timeout=10) == "pong"
    assert eventually(lambda: room.known() == [])


def test_whoever_has_no_token_or_the_one_of_another_source_gets_no_socket(
    room: SocketRoom,
) -> None:
    assert refused(room, f"/{a_token('guessed')}/ticker") == 404
    assert refused(room, f"/{room.token()}/media") == 404
    assert refused(room, f"/{room.token()}/secrets") == 404
    assert refused(room, "/") == 404
    assert refused(room, f"/{room.token('media')}/media") == 101
    assert room.known() == [] or eventually(lambda: room.known() == [])


def test_whoever_guesses_has_ten_tries_a_minute(room: SocketRoom) -> None:
    came = [refused(room, "/guessed/ticker", "198.51.100.7") for _ in range(11)]
    assert came == [404] * 10 + [429]
    assert refused(room, source_ip="198.51.100.7") == 429
    assert refused(room, source_ip="198.51.100.8") == 101


def test_good_ones_of_one_address_count_for_nothing_until_it_guesses(room: SocketRoom) -> None:
    """Fourteen pages of a studio come again after each restart of its router."""
    assert [refused(room, source_ip="198.51.100.9") for _ in range(14)] == [101] * 14
    assert refused(room, "/guessed/ticker", "198.51.100.9") == 404
    assert refused(room, source_ip="198.51.100.9") == 101


def test_many_that_come_at_once_are_all_let_in(room: SocketRoom) -> None:
    """More than the function serves at a time, as after a restart of the house."""
    with ThreadPoolExecutor(40) as pool:
        assert {*pool.map(lambda _: refused(room), range(40))} == {101}
    assert eventually(lambda: room.known() == [])


def test_who_is_gone_is_forgotten_when_something_is_shown(room: SocketRoom) -> None:
    with room.open() as there:
        # As after a restart of the front: nobody told that they were closed.
        room.database.write(
            """
            INSERT INTO overlay_sockets SELECT 'gone=' || n, community_id, source, token_hash,
                now() - interval '1 minute', now() + interval '1 hour'
            FROM overlay_sockets, generate_series(1, 60) AS n
            """
        )
        room.push("still here")
        assert frames(there)[0]["text"] == "still here"
        assert eventually(lambda: len(room.known()) == 1)


@pytest.mark.parametrize("room", [SocketLimits(waiting=4)], indirect=True)
def test_whoever_reads_nothing_is_shut_out_and_holds_nobody_up(room: SocketRoom) -> None:
    with reads_nothing(room):
        assert eventually(lambda: len(room.known()) == 1)
        [deaf] = room.known()
        assert eventually(lambda: post(room, deaf, b"x" * 120_000) == 429)
        room.database.write("UPDATE overlay_sockets SET connected_at = now() - interval '1 minute'")
        with room.open() as reads:
            room.push("heard")
            assert frames(reads)[0]["text"] == "heard"
            assert eventually(lambda: room.push("more") or deaf not in room.known())
            assert post(room, deaf) == 410
            assert len(room.known()) == 1


def test_one_that_is_just_opening_is_not_taken_for_gone(room: SocketRoom) -> None:
    with room.open() as there:
        [known] = room.known()
        assert room.wake({"gone": [known]}) == {"forgotten": 1}
        room.push("shown")
        assert frames(there)[0]["text"] == "shown"


def test_whoever_says_anything_but_ping_is_shut_out(room: SocketRoom) -> None:
    with room.open() as talks, room.open() as reads:
        talks.send('{"action": "status"}')
        said, code = ending(talks)
        assert said == ['{"kind":"closed","why":"read-only"}']
        assert code == 1000
        assert eventually(lambda: len(room.known()) == 1)
        reads.send("x" * 33_000)
        assert ending(reads) == ([], 1009)
    assert eventually(lambda: room.known() == [])


def test_a_rotated_address_shows_nothing_after_its_grace_and_its_sockets_are_closed(
    room: SocketRoom,
) -> None:
    new = a_token("new")
    with room.open() as before:
        give_token(room.database, room.community, "ticker", new, grace=600)
        room.push("in its grace")
        assert frames(before)[0]["text"] == "in its grace"
        assert room.wake({}) == {"closed": 0}
        with room.open(f"/{new}/ticker") as after:
            room.database.write(
                "UPDATE overlay_tokens SET previous_until = now() WHERE previous_hash IS NOT NULL"
            )
            room.push("for the new one")
            assert frames(after)[0]["text"] == "for the new one"
            assert room.wake({}) == {"closed": 1}
            assert ending(before) == (['{"kind":"closed","why":"rotated"}'], 1000)
            assert len(room.known()) == 1
        assert refused(room) == 404


def test_a_source_has_room_for_so_many_pages(room: SocketRoom) -> None:
    with room.open():
        room.database.write(
            """
            INSERT INTO overlay_sockets SELECT 'many=' || n, community_id, source, token_hash,
                now(), now() + interval '1 hour'
            FROM overlay_sockets, generate_series(1, 99) AS n
            """
        )
        assert refused(room) == 429
        assert refused(room, f"/{room.token('media')}/media") == 101
        room.database.write("UPDATE overlay_sockets SET ends_at = now()")
        assert refused(room) == 101


def test_a_push_is_at_an_open_page_within_a_quarter_of_a_second(room: SocketRoom) -> None:
    with room.open() as socket:
        room.push("warms it")
        frames(socket)
        took = []
        for number in range(20):
            began = time.monotonic()
            room.push(f"number {number}")
            frames(socket)
            took.append(time.monotonic() - began)
    print(f"push to frame: median {sorted(took)[10] * 1000:.0f} ms, worst {max(took) * 1000:.0f}")
    assert sorted(took)[10] < 0.25


@pytest.mark.parametrize("room", [SOON], indirect=True)
def test_a_socket_ends_when_it_is_idle_or_old_whatever_it_does(room: SocketRoom) -> None:
    with room.open() as idle, room.open() as busy:
        began, code, was_alone = time.monotonic(), None, False
        while code is None:
            try:
                busy.send("ping")
                assert busy.recv(timeout=10) == "pong"
                was_alone = was_alone or len(room.known()) == 1
                time.sleep(0.2)
            except ConnectionClosed as closed:
                code = closed.rcvd and closed.rcvd.code
        assert code == 1001
        assert time.monotonic() - began > 4
        assert was_alone, "whoever is idle goes first"
        assert ending(idle) == ([], 1001)
    assert eventually(lambda: room.known() == [])


@pytest.mark.parametrize("room", [SMALL], indirect=True)
def test_connections_are_asked_about_written_to_and_ended_as_at_api_gateway(
    room: SocketRoom,
) -> None:
    with room.open() as there:
        [known] = room.known()
        assert post(room, known, b'{"kind":"clear"}') == 200
        assert frames(there) == [{"kind": "clear"}]
        assert post(room, known, b"x" * 4_001) == 413
        assert post(room, known, signature="") == 403
        assert post(room, "nobody=") == 410
        assert post(room, known, method="GET") == 200
        assert post(room, known, method="PUT") == 403
        assert post(room, known, method="DELETE") == 204
        assert ending(there) == ([], 1000)
        assert post(room, known) == 410
