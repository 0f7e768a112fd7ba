"""The address of a source: shown again, rotated, guessed at, and looked for in what is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg import sql

from functions.overlay import handler as overlay
from tests.helpers.overlays import MASTER, a_token, gets, give_token_of_all
from tests.helpers.servers import Urls
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.overlays import (
    clear_overlays,
    rotate_overlays,
    show_overlays,
    try_overlay,
)
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.domain.overlay_samples import SAMPLES
from waddlebot.domain.overlays import GRACE, OverlaySource
from waddlebot.stores.overlay_tokens import make_token
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.resealing import Resealing
from waddlebot.stores.sealing import Seal, SealLost
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role

OTHER_MASTER = "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyMDA="
OLD = a_token("all sources")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlooked:
    """Two communities, and moderators of the first unless said otherwise."""

    database: Postgres
    versions: Versions
    ours: CommunityId
    theirs: CommunityId

    def shown(
        self, community: CommunityId | None = None, *, seal: Seal | None = None
    ) -> dict[str, str]:
        """Tokens by source."""
        with self.edit() as edit:
            asker = self.asker(community)
            found = show_overlays(edit, asker, lambda: seal or Seal.under(MASTER))
        return {one.source: one.token for one in found}

    def rotate(self, source: str = "", *, call: str = "", ago: timedelta = timedelta(0)) -> None:
        """So long ago."""
        with self.edit() as edit:
            rotate_overlays(
                edit,
                self.asker(),
                lambda: Seal.under(MASTER),
                now=datetime.now(UTC) - ago,
                source=source,
                call=call,
            )

    def edit(self) -> Any:
        return editing(self.database, self.versions, by="twitch:1")

    def asker(self, community: CommunityId | None = None) -> Asker:
        return Asker.over_the_api("twitch:1", community or self.ours, Role.MODERATOR)

    def status(self, token: str, source: str = "ticker", *, is_old: bool = False) -> int:
        return int(gets(token, source, is_old=is_old)["statusCode"])


@pytest.fixture
def there(
    database: Postgres, database_urls: Urls, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Overlooked]:
    with editing(database, versions) as edit:
        ours = Places(edit).open(EntityId("twitch:channel:1"))
        theirs = Places(edit).open(EntityId("twitch:channel:2"))
        give_token_of_all(edit.connection, ours, OLD)
    monkeypatch.setenv("DATABASE_URL", database_urls["DATABASE_URL"])
    overlay.resources.cache_clear()
    yield Overlooked(database=database, versions=versions, ours=ours, theirs=theirs)
    overlay.resources().close()
    overlay.resources.cache_clear()


def test_each_source_of_each_community_has_a_token_that_is_shown_again(there: Overlooked) -> None:
    ours, theirs = there.shown(), there.shown(there.theirs)

    assert ours.keys() == set(OverlaySource)
    assert len({*ours.values(), *theirs.values()}) == 6
    assert all(len(one) == 43 for one in ours.values())
    assert there.shown() == ours
    assert there.status(ours["ticker"]) == 200


def test_a_token_opens_its_own_source_and_no_other(there: Overlooked) -> None:
    ours = there.shown()
    assert there.status(ours["media"]) == 404
    assert there.status(ours["ticker"], "media") == 404
    assert there.status(OLD) == 404
    assert there.status(OLD, is_old=True) == 200
    assert there.status(ours["ticker"], is_old=True) == 200


def test_what_is_pushed_to_another_community_is_not_there(there: Overlooked) -> None:
    ours, theirs = there.shown(), there.shown(there.theirs)
    with there.edit() as edit:
        try_overlay(edit, there.asker(), now=datetime.now(UTC))
        assert edit.pushed == []  # nobody looks

    assert len(_pushes(ours["ticker"])) == 1
    assert _pushes(theirs["ticker"]) == []


def test_the_old_address_works_for_five_minutes_and_not_longer(there: Overlooked) -> None:
    old = there.shown()
    there.rotate("ticker", ago=GRACE - timedelta(minutes=1))
    new = there.shown()

    assert new["ticker"] != old["ticker"]
    assert new["media"] == old["media"]
    assert there.status(old["ticker"]) == there.status(new["ticker"]) == 200
    assert there.status(OLD, is_old=True) == 200
    there.database.write(
        "UPDATE overlay_tokens SET previous_until = now() WHERE previous_until IS NOT NULL"
    )
    there.database.write("UPDATE overlay_state SET token_until = now()")
    assert there.status(old["ticker"]) == 404
    assert there.status(OLD, is_old=True) == 404
    assert there.status(new["ticker"]) == 200


def test_who_rotates_twice_ends_the_first_at_once(there: Overlooked) -> None:
    first = there.shown()["ticker"]
    there.rotate("ticker")
    there.rotate("ticker")
    assert there.status(first) == 404


def test_a_call_that_is_delivered_again_rotates_once(there: Overlooked) -> None:
    first = there.shown()["ticker"]
    there.rotate(call="x")
    second = there.shown()["ticker"]
    there.rotate(call="x")
    assert there.shown()["ticker"] == second
    assert there.status(first) == 200


GUESSES = ("", "x", "x" * 43, "x" * 10_000, "../ticker", "%00", "'--", "ü" * 43, OLD)


def test_a_guess_is_told_nothing_whatever_is_wrong_with_it(there: Overlooked) -> None:
    right = there.shown()["ticker"]
    near = [f"{right[:-1]}{last}" for last in "AQgw" if last != right[-1]]
    said = {json.dumps(gets(one, "ticker")) for one in (*GUESSES, *near, right.upper(), right[:-1])}
    assert len(said) == 1
    assert json.loads(said.pop())["statusCode"] == 404


def test_a_dump_of_the_database_has_no_token_and_nothing_to_make_one_of(
    there: Overlooked, owner: Postgres
) -> None:
    before = there.shown()
    there.rotate("ticker")
    with there.edit() as edit:
        clear_overlays(edit, there.asker(), now=datetime.now(UTC))
    tokens = {*before.values(), *there.shown().values()}
    dump = _dump(owner)

    assert "overlay_tokens" in dump
    assert [one for one in tokens if one in dump] == []
    with pytest.raises(Refusal, match="cannot make addresses"):
        there.shown(seal=Seal.under(OTHER_MASTER))
    assert _token_of_any_cell(there.ours, dump) & tokens == set()


def test_sealed_anew_under_another_key_all_addresses_stay(there: Overlooked) -> None:
    before = there.shown()
    both = Seal.under(OTHER_MASTER, before=MASTER)
    resealing = Resealing(there.database, both)
    version = resealing.begin(by="tests")
    batch = resealing.next(version, most=10, give_up=False)

    assert (batch.done, batch.shut, batch.left) == (1, 0, 0)
    assert there.shown(seal=Seal.under(OTHER_MASTER)) == before
    assert there.database.write("SELECT version FROM seal_keys") == [{"version": version}]


def test_where_the_seal_key_is_gone_addresses_work_on_and_are_made_anew(
    there: Overlooked,
) -> None:
    old = there.shown()["ticker"]
    other = Seal.under(OTHER_MASTER)
    resealing = Resealing(there.database, other)
    version = resealing.begin(by="tests")
    assert resealing.next(version, most=10, give_up=False).shut == 1
    with pytest.raises(Refusal, match="cannot make addresses"):
        there.shown(seal=other)
    version = resealing.begin(by="tests")
    batch = resealing.next(version, most=10, give_up=True)
    assert (batch.shut, batch.left) == (1, 0)

    with pytest.raises(Refusal, match=r"still works.*overlay rotate"):
        there.shown(seal=other)
    assert there.status(old) == 200
    with there.edit() as edit:
        rotate_overlays(edit, there.asker(), lambda: other, now=datetime.now(UTC))
    new = there.shown(seal=other)["ticker"]
    assert there.status(old) == there.status(new) == 200


def test_without_a_seal_key_nothing_is_made_and_what_is_there_works(there: Overlooked) -> None:
    right = there.shown()["ticker"]

    def nothing() -> Seal:
        raise SealLost("WADDLEBOT_SEAL_KEY", "is not set")

    with there.edit() as edit, pytest.raises(Refusal, match="cannot make addresses"):
        show_overlays(edit, there.asker(), nothing)
    assert there.status(right) == 200


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_each_sample_is_shown_once_however_often_its_call_comes(
    there: Overlooked, kind: str
) -> None:
    now = datetime.now(UTC)
    for _ in range(2):
        with there.edit() as edit:
            _, source = try_overlay(edit, there.asker(), now=now, kind=kind, call="x")
    rows = there.database.write("SELECT source, content FROM overlay_pushes")
    assert [row["source"] for row in rows] == [source]
    assert rows[0]["content"]["success"] is True


def test_what_is_cleared_is_not_shown_to_a_page_that_is_loaded_again(there: Overlooked) -> None:
    token = there.shown()["ticker"]
    for deed in (try_overlay, clear_overlays, try_overlay):
        with there.edit() as edit:
            deed(edit, there.asker(), now=datetime.now(UTC))
    assert [one["kind"] for one in _pushes(token)] == ["clear", "ticker"]


def test_what_was_done_is_on_record_without_any_token(there: Overlooked, owner: Postgres) -> None:
    there.shown()
    there.rotate()
    rows = owner.write("SELECT action, about, after FROM audit_log WHERE action LIKE '%overlay'")
    assert {row["about"] for row in rows} == set(OverlaySource)
    assert not any(one in str(rows) for one in there.shown().values())


def test_addresses_go_with_their_community(there: Overlooked, owner: Postgres) -> None:
    with there.edit() as edit:
        community = Places(edit).open(EntityId("twitch:channel:3"))
    token = there.shown(community)["ticker"]
    owner.write("DELETE FROM entities WHERE community_id = %s", (community,))
    owner.write("DELETE FROM communities WHERE id = %s", (community,))
    assert there.status(token) == 404


def _pushes(token: str) -> list[dict[str, Any]]:
    state: dict[str, list[dict[str, Any]]] = json.loads(gets(token, "ticker", "state")["body"])
    return state["pushes"]


def _dump(owner: Postgres) -> str:
    """Every row of every table, as text."""
    tables = owner.write(
        """
        SELECT relname AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
        """
    )
    every = sql.SQL("SELECT whole::text AS row FROM {} AS whole")
    with owner.writer() as connection:
        return "\n".join(
            f"{name}: {row['row']}"
            for name in (table["name"] for table in tables)
            for row in connection.execute(every.format(sql.Identifier(name)))
        )


def _token_of_any_cell(community: CommunityId, dump: str) -> set[str]:
    """What would be made with anything that stands there as the house's key."""
    cells = {cell.strip('()"') for cell in dump.replace("\\x", "").split(",")}
    keys = [bytes.fromhex(one) for one in cells if _is_hex(one)] + [one.encode() for one in cells]
    made: Sequence[str] = [
        make_token(key, community, source, generation)
        for key in keys
        for source in OverlaySource
        for generation in (1, 2)
    ]
    return set(made)


def _is_hex(cell: str) -> bool:
    return len(cell) >= 32 and len(cell) % 2 == 0 and set(cell) <= set("0123456789abcdef")
