"""A text in which aliases change which one leads to the other."""

from __future__ import annotations

import tomllib

import tomli_w

from tests.helpers.communities_api import ask
from tests.helpers.community_texts import bring, read
from tests.helpers.tenants import Tenants


def test_aliases_that_turn_round_are_no_loop_on_the_way(tenants: Tenants) -> None:
    document = tomllib.loads(read(tenants))
    before = {"a": "!note 1", "b": "!a", "c": "counter: {count}"}
    assert bring(tenants, tomli_w.dumps({**document, "aliases": before})).status == 200
    after = {**before, "a": "!b", "b": "!note 1"}
    assert bring(tenants, tomli_w.dumps({**document, "aliases": after})).status == 200
    kept = ask("GET", f"/{tenants.ours}/aliases", key="ours-user").data
    assert {one["name"]: one["text"] for one in kept} == after
    assert bring(tenants, tomli_w.dumps({**document, "aliases": before})).status == 200


def test_a_real_loop_is_refused_as_a_whole(tenants: Tenants) -> None:
    document = tomllib.loads(read(tenants))
    document["aliases"] = {"a": "!b", "b": "!a"}
    told = bring(tenants, tomli_w.dumps(document))
    assert told.status == 400
    assert "would lead back to itself" in told.body["error"]["message"]
