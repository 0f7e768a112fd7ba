"""The ticker as OBS meets it: a page, its files, and what comes next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import Jsonb

from functions.overlay import handler as overlay
from functions.overlay.nobodys import MOST, SECONDS, Nobodys
from tests.helpers.events_and_commands import TWITCH
from tests.helpers.overlays import a_token, give_token_of_all
from tests.helpers.round_trips import counting
from tests.helpers.servers import Urls
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.responses import Ticker

TOKEN = a_token("a ticker")
PAGE = "GET /overlay/{token}/{source}"
FILE = "GET /overlay/{token}/{source}/{file}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    database: Postgres
    community: CommunityId

    def get(
        self,
        file: str = "state",
        *,
        token: str = TOKEN,
        source: str = "ticker",
        after: str = "0",
    ) -> dict[str, Any]:
        return overlay.handler(
            {
                "routeKey": FILE if file else PAGE,
                "pathParameters": {"token": token, "source": source, "file": file},
                "queryStringParameters": {"after": after},
            },
            None,
        )

    def state(self, after: str = "0") -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.get(after=after)["body"])
        return shown

    def push(self, number: int, content: dict[str, Any], *, seconds: int = 60) -> None:
        self.database.write(
            "UPDATE overlay_state SET last_number = %s WHERE community_id = %s",
            (number, self.community),
        )
        self.database.write(
            """
            INSERT INTO overlay_pushes (community_id, number, source, execution_id, position,
                content, expires_at) VALUES (%s, %s, 'ticker', %s, 0, %s, %s)
            """,
            (
                self.community,
                number,
                f"execution-{number}",
                Jsonb(content),
                datetime.now(UTC) + timedelta(seconds=seconds),
            ),
        )


@pytest.fixture
def browser(
    database: Postgres,
    database_urls: Urls,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Browser]:
    with editing(database, versions) as edit:
        community = Places(edit).open(TWITCH)
        give_token_of_all(edit.connection, community, TOKEN)
    monkeypatch.setenv("DATABASE_URL", database_urls["DATABASE_URL"])
    overlay.resources.cache_clear()
    yield Browser(database=database, community=community)
    overlay.resources().close()
    overlay.resources.cache_clear()


def test_the_page_and_its_files_run_nothing_but_themselves(browser: Browser) -> None:
    page = browser.get("")

    assert page["statusCode"] == 200
    policy = page["headers"]["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script>|\son\w+=|style=|https?://", page["body"])
    for name in re.findall(r'(?:src|href)="([^"]+)"', page["body"]):
        source, _, file = name.partition("/")
        assert browser.get(file, source=source)["statusCode"] == 200


def test_a_page_is_told_where_sockets_are_and_may_go_there_and_nowhere_else(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = "wss://a1.execute-api.eu-west-1.amazonaws.com/live"
    monkeypatch.setenv("WADDLEBOT_OVERLAY_SOCKET_ADDRESS", at)

    page = browser.get("")

    assert f'data-socket="{at}"' in page["body"]
    assert f"connect-src 'self' {at};" in page["headers"]["content-security-policy"]
    # Neither the address behind it nor any other answer holds what opens it.
    assert TOKEN not in json.dumps(page)
    assert at not in json.dumps(
        [browser.get(), browser.get("road.js"), browser.get(token=a_token("no"))]
    )


def test_a_wrong_token_or_source_is_not_found(browser: Browser) -> None:
    for file in ("", "state"):
        for wrong in ("wrong", a_token("wrong")):
            assert browser.get(file, token=wrong)["statusCode"] == 404
        assert browser.get(file, source="secrets")["statusCode"] == 404


def test_what_is_no_token_or_was_nobodys_is_told_so_without_the_database(
    browser: Browser, database_urls: Urls, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = conninfo_to_dict(database_urls["DATABASE_URL"])
    host, port = str(server["host"]), str(server["port"])
    address = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
    garbage = ["wrong", "x" * 43, "%00" * 20, TOKEN[:-1], f"{TOKEN}0", a_token("nobody")]
    with counting(address) as trips:
        between = {**server, "host": "127.0.0.1", "port": trips.port, "sslmode": "disable"}
        monkeypatch.setenv("DATABASE_URL", make_conninfo(**between))
        overlay.resources().close()
        overlay.resources.cache_clear()
        assert browser.get("")["statusCode"] == 200
        assert browser.get(token=garbage[-1])["statusCode"] == 404
        before = trips.count
        for file in ("", "state", "look.css"):
            assert {browser.get(file, token=one)["statusCode"] for one in garbage} == {404}
        assert trips.count == before
        assert browser.get("")["statusCode"] == 200
        assert trips.count > before
        overlay.resources().close()


def test_what_was_nobodys_is_asked_about_again_after_a_while_and_takes_little_room() -> None:
    now = [0.0]
    nobodys = Nobodys(clock=lambda: now[0])
    nobodys.add(TOKEN, "ticker")
    assert nobodys.has(TOKEN, "ticker")
    assert not nobodys.has(TOKEN, "media")
    now[0] = SECONDS
    assert not nobodys.has(TOKEN, "ticker")
    for number in range(3 * MOST):
        nobodys.add(f"{number}", "ticker")
    assert len(nobodys._until) == MOST
    assert nobodys.has(f"{3 * MOST - 1}", "ticker")


def test_lines_come_in_order_from_where_the_page_is(browser: Browser) -> None:
    browser.push(1, Ticker("one").to_wire())
    browser.push(2, Ticker("two", seconds=5, details={"priority": "high"}).to_wire())

    state = browser.state()
    assert state["last"] == 2
    assert abs(state["now"] - datetime.now(UTC).timestamp()) < 60
    told = ("n", "text", "seconds", "priority")
    assert [[push[name] for name in told] for push in state["pushes"]] == [
        [1, "one", 10, 5],
        [2, "two", 5, 1],
    ]
    assert [push["n"] for push in browser.state(after="1")["pushes"]] == [2]
    assert browser.state(after="2")["pushes"] == []


def test_what_expired_is_not_shown(browser: Browser) -> None:
    browser.push(1, Ticker("too late").to_wire(), seconds=-1)

    assert (browser.state()["last"], browser.state()["pushes"]) == (1, [])


def test_markup_and_odd_fields_arrive_as_plain_text(browser: Browser) -> None:
    wire = Ticker("<b onclick=x>hi</b>" + "!" * 300, details={"style": "x; } body {"}).to_wire()
    browser.push(1, wire)

    [push] = browser.state(after="no number")["pushes"]

    assert push["text"].startswith("<b onclick=x>hi</b>")
    assert len(push["text"]) == 200
    assert push["style"] == "info"
    assert browser.get()["headers"]["content-type"] == "application/json"


def test_while_the_database_is_away_the_page_is_told_to_ask_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay.resources().close()
    overlay.resources.cache_clear()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    assert browser.get()["statusCode"] == 503
