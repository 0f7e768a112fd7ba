"""Addresses for OBS over the API: what a moderator's key is told, and nobody else's."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.helpers.communities_api import Answer, ask
from tests.helpers.overlays import MASTER, gets
from tests.helpers.tenants import Tenants
from waddlebot.domain.overlays import OverlaySource
from waddlebot.runtime.needs import PUBLIC_URL, SEAL_KEY

PUBLIC = "https://bot.example.org"


@pytest.fixture(autouse=True)
def sealed(tenants: Tenants, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tenants
    monkeypatch.setenv(SEAL_KEY, MASTER)
    monkeypatch.setenv(PUBLIC_URL, PUBLIC)


def test_a_moderators_key_is_told_addresses_that_are_kept_by_nobody(tenants: Tenants) -> None:
    told = asked(tenants, "GET", "")
    addresses = {one["source"]: one["address"] for one in told.data}

    assert list(addresses) == list(OverlaySource)
    assert told.headers["cache-control"] == "no-store"
    assert all(one.startswith(f"{PUBLIC}/") for one in addresses.values())
    assert {gets(token_of(one), source)["statusCode"] for source, one in addresses.items()} == {200}
    [alone] = asked(tenants, "GET", "?source=media").data
    assert alone == {"source": "media", "address": addresses["media"], "generation": 1}


def test_another_address_is_made_and_the_one_before_has_an_end(tenants: Tenants) -> None:
    before = asked(tenants, "GET", "").data
    made = asked(tenants, "POST", "/rotate", {"source": "ticker"})

    assert [one["generation"] for one in made.data] == [2]
    assert made.body["meta"]["before_works_until"] > "2026"
    after = asked(tenants, "GET", "").data
    assert after[0] == made.data[0]
    assert after[1:] == before[1:]
    changes = ask("GET", f"/{tenants.ours}/changes", key="ours-admin")
    assert "rotate overlay" in changes.text
    assert token_of(after[0]["address"]) not in changes.text


def test_a_sample_is_shown_and_cleared(tenants: Tenants) -> None:
    assert asked(tenants, "POST", "/test", {"kind": "follow"}).data == {
        "kind": "follow",
        "source": "general",
    }
    assert asked(tenants, "POST", "/clear", {}).data == {"sources": list(OverlaySource)}
    kinds = tenants.database.write("SELECT content ->> 'control' AS control FROM overlay_pushes")
    assert [row["control"] for row in kinds].count("clear") == 3


def asked(tenants: Tenants, method: str, path: str, body: Any = None) -> Answer:
    at, _, query = path.partition("?")
    answer = ask(
        method,
        f"/{tenants.ours}/overlays{at}",
        body,
        key="ours-moderator",
        query=dict([query.split("=")]) if query else None,
    )
    assert answer.body["success"], answer.text
    return answer


def token_of(address: str) -> str:
    return urlsplit(address).path.split("/")[1]
