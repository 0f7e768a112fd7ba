"""The ticker as OBS meets it: a page, its files, and what comes next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from functions.overlay import handler as overlay
from tests.helpers.events_and_commands import TWITCH
from tests.helpers.overlays import give_token_of_all
from tests.helpers.servers import Urls
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.responses import Ticker

TOKEN = "a-long-random-token"
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
    assert "script-src 'self';" in policy
    unsafe = [one for one in policy.split(";") if "unsafe" in one]
    assert unsafe == [" style-src 'self' 'unsafe-inline'"]  # what a streamer types into OBS
    assert not re.search(r"<script>|\son\w+=|style=|https?://", page["body"])
    for name in re.findall(r'(?:src|href)="([^"]+)"', page["body"]):
        source, _, file = name.partition("/")
        assert browser.get(file, source=source)["statusCode"] == 200


def test_a_wrong_token_or_source_is_not_found(browser: Browser) -> None:
    for file in ("", "state"):
        assert browser.get(file, token="wrong")["statusCode"] == 404
        assert browser.get(file, source="secrets")["statusCode"] == 404


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
