"""Two workspaces and two channels are connected in a browser, renewed and sealed anew while people
talk, and one ends. Their tokens are canaries: wherever the house keeps or writes something, none of
them is found, as it is, in an address or in base64."""

from __future__ import annotations

import contextlib
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis
from playwright.sync_api import Page, expect

from local.plane.programs import find_programs
from local.stand_ins.people import StandInPeople
from tests.helpers.browser import a_browser
from tests.helpers.connected import connections_of, traces
from tests.helpers.house import Chat, House
from tests.helpers.inside import Inside
from tests.helpers.patience import eventually
from tests.journey.stories.conftest import StoryHouse
from waddlebot.domain.connections import BOT, CHANNEL, Tokens
from waddlebot.platforms.twitch.connecting import MODERATION_SCOPES
from waddlebot.stores.postgres import Postgres

pytestmark = pytest.mark.xdist_group("houses for one story")

SERVERS = ("cache", "limits", "streams")
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Connected:
    """What a test connects: a workspace by its id, or a channel by its streamer's name."""

    service: str
    named: str

    @property
    def account(self) -> str:
        if self.service == "slack":
            return self.named
        return StandInPeople().named(self.named).ids["twitch"]

    @property
    def kind(self) -> str:
        return BOT if self.service == "slack" else CHANNEL

    def chat(self, house: House) -> Chat:
        number = uuid.uuid4().int % 10**9
        if self.service == "twitch":
            return house.chat(on="twitch", channel=self.account, viewer=f"sam{number}")
        return house.chat(
            on="slack", channel=f"C{number}", server=self.named, viewer=f"sam{number}"
        )


WORKSPACES = (Connected("slack", "T0PUDDLE"), Connected("slack", "T0MEADOW"))
CHANNELS = (Connected("twitch", "max"), Connected("twitch", "olga"))
ALL = (*WORKSPACES, *CHANNELS)


def test_what_people_connect_in_a_browser_is_answered_and_no_token_of_it_stands_in_the_clear(
    story: StoryHouse,
) -> None:
    house = story.house
    assert house.post("/stand-ins/slack/app/rotation", {})["rotates"]
    with (
        a_browser() as browser,
        contextlib.closing(Postgres(house.database_url, name="canaries")) as postgres,
    ):
        for one in ALL:
            page = browser.new_context().new_page()
            connect = _connect_workspace if one in WORKSPACES else _connect_channel
            connect(page, house, one)
            page.context.close()
        _talk(house, ALL)
        canaries = _tokens(house, postgres)
        _renew(house, postgres)
        canaries += _tokens(house, postgres)
        _seal_anew(house)
        _talk(house, ALL)
        page = browser.new_context().new_page()
        _end_in_a_browser(page, house, CHANNELS[0])
        _end(house, WORKSPACES[0])
        _talk(house, (WORKSPACES[1], CHANNELS[1]))
    assert len({one.access for one in canaries}) == 2 * len(ALL)
    wanted = {trace for tokens in canaries for trace in traces(tokens)}
    places = dict(_written(house, story.process.pid))
    for place, text in places.items():
        assert not [one for one in wanted if one in text], place
    _are_looked_through(places, house)


def _connect_workspace(page: Page, house: House, one: Connected) -> None:
    page.goto(f"{house.url}/connect")
    page.get_by_role("link", name="Connect Slack").click()
    page.get_by_role("button", name="Go on to Slack").click()
    page.get_by_role("link", name=one.named).click()
    expect(page.get_by_role("heading", name="is connected")).to_be_visible()


def _connect_channel(page: Page, house: House, one: Connected) -> None:
    page.goto(f"{house.url}/connect")
    page.get_by_role("link", name="Connect Twitch").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Go on to Twitch").click()
    assert all(scope in page.content() for scope in MODERATION_SCOPES)
    page.get_by_role("link", name=one.named.capitalize()).click()
    expect(page.get_by_role("heading", name=f"{one.named} is connected")).to_be_visible()


def _end_in_a_browser(page: Page, house: House, one: Connected) -> None:
    page.goto(f"{house.url}/signin")
    page.get_by_role("link", name="Twitch").click()
    page.get_by_role("link", name=one.named.capitalize()).click()
    page.goto(f"{house.url}/connect")
    row = page.get_by_role("listitem").filter(has_text=one.named)
    row.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_role("status")).to_contain_text("is disconnected")
    told = house.get(f"/stand-ins/twitch/channels/{one.account}")
    assert told["tokens"] == 0
    assert eventually(lambda: _states(house, one) == [("disconnected",)], within=PATIENCE_SECONDS)


def _renew(house: House, postgres: Postgres) -> None:
    """All of them ended at their services, and people talk on; what a rule forbids goes."""
    before = {one.access for one in _tokens(house, postgres)}
    rules = {one: _forbidden(house, one) for one in CHANNELS}
    postgres.write("UPDATE connections SET renewed_at = now() - interval '12 hours'")
    for one in ALL:
        where = "workspaces" if one in WORKSPACES else "channels"
        assert house.post(f"/stand-ins/{one.service}/{where}/{one.account}/expire", {})["expired"]
    _talk(house, ALL)
    for one, words in rules.items():
        chat = one.chat(house)
        chat.says("ana", words)
        assert chat.was_deleted(words, within=PATIENCE_SECONDS), one

    def are_new() -> bool:
        return not before & {one.access for one in _tokens(house, postgres)}

    assert eventually(are_new, within=PATIENCE_SECONDS)


def _forbidden(house: House, one: Connected) -> str:
    chat, words = one.chat(house), f"herring{uuid.uuid4().hex[:6]}"
    chat.says(one.named, f'!rules add contains "{words}" block')
    assert chat.hears(words, within=PATIENCE_SECONDS), one
    return words


def _tokens(house: House, postgres: Postgres) -> list[Tokens]:
    connections = connections_of(postgres, master=house.keys["WADDLEBOT_SEAL_KEY"])
    opened = [connections.opened(one.service, one.account, kind=one.kind) for one in ALL]
    return [one.tokens for one in opened if one]


def _talk(house: House, places: Sequence[Connected]) -> None:
    """Twitch tells the bot of a channel once its gateway has subscribed to it."""
    for one in places:
        chat = one.chat(house)
        assert eventually(lambda chat=chat: chat.says("ana", "!help quote")["accepted"]), one
        assert chat.hears("Show a quote", within=PATIENCE_SECONDS), one


def _seal_anew(house: House) -> None:
    status, told = house.api({}, path="/api/operations/keys/rotate-seal")
    assert status == 200, told


def _end(house: House, one: Connected) -> None:
    gone = {"type": "tokens_revoked", "as": "olga", "on": "slack", "server": one.account}
    assert house.post("/stand-ins/happens", {**gone, "channel": "C0GENERAL"})["accepted"]
    assert eventually(lambda: _states(house, one) == [("disconnected",)], within=PATIENCE_SECONDS)


def _states(house: House, one: Connected) -> list[Any]:
    with psycopg.connect(house.database_url) as connection:
        return connection.execute(
            "SELECT state FROM connections WHERE account = %s AND kind = %s",
            [one.account, one.kind],
        ).fetchall()


def _written(house: House, launcher: int) -> Iterator[tuple[str, bytes]]:
    """All that the house keeps or shows, each with a name: what the platforms keep is outside."""
    dump = subprocess.run(
        [find_programs().postgres_tool("pg_dump"), "--dbname", house.database_url],
        capture_output=True,
        check=True,
        timeout=60,
    )
    yield "pg_dump", dump.stdout
    for name in SERVERS:
        with Inside(house=house).valkey(name) as server:
            server.bgrewriteaof() if name == "streams" else server.save()
            yield f"valkey {name}", b"\n".join(_values(server))
    for path in sorted(house.home.rglob("*")):
        if path.is_file() and not path.is_symlink():
            try:
                yield str(path.relative_to(house.home)), path.read_bytes()
            except FileNotFoundError:
                continue  # a segment that was recycled meanwhile
    whole = psutil.Process(launcher)
    for process in (whole, *whole.children(recursive=True)):
        try:
            about = Path(f"/proc/{process.pid}")
            text = (about / "environ").read_bytes() + (about / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield f"process {process.pid}", text


def _values(server: redis.Redis) -> Iterator[bytes]:
    readers: dict[bytes, Any] = {
        b"string": server.get,
        b"hash": server.hgetall,
        b"stream": server.xrange,
        b"set": server.smembers,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"zset": lambda key: server.zrange(key, 0, -1),
    }
    for key in server.scan_iter(count=1_000):
        yield key
        yield repr(readers[server.type(key)](key)).encode()


def _are_looked_through(places: dict[str, bytes], house: House) -> None:
    """What is known to stand there is found, so what is not found is not there."""
    assert b"T0MEADOW" in places["pg_dump"]
    assert any(b"T0MEADOW" in text for name, text in places.items() if "pg_wal/" in name)
    assert b"T0MEADOW" in places["valkey streams"]
    password = house.keys["VALKEY_STREAMS_PASSWORD"].encode()
    assert any(password in text for name, text in places.items() if name.startswith("process"))
    assert any(name.startswith("logs/") and text for name, text in places.items())
    assert any("aof" in name.lower() or name.endswith(".rdb") for name in places)
