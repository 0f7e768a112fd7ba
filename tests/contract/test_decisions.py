"""What a community decides is decided once: at every door the same may be, and the same is said."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.contract.at_doors import PLACE, api, bring, chat, export, send, settle, snapshot, text
from tests.contract.deeds import deeds, doors
from tests.contract.one_place import BY_ONE_OF_ONE_PLACE
from tests.contract.throw_away import DEED, POND, WRONG_PONDS, pond_added
from tests.contract.walking import walked_from
from tests.contract.wrongs import HAVE_NO_WRONG_INPUT, WRONGS
from tests.helpers.aws_context import logging_restored
from tests.helpers.communities_api import all_of
from tests.helpers.community_texts import fresh_key
from tests.helpers.servers import catch_up
from tests.helpers.tenants import Tenants, fresh, tenants
from waddlebot.domain.limits import Limit
from waddlebot.stores.command_limits import CommandLimits
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit, editing
from waddlebot_sdk.roles import Role

__all__ = ["fresh", "logging_restored", "tenants"]


def test_what_cannot_be_is_refused_in_the_same_words_at_every_door(tenants: Tenants) -> None:
    """In one community: what is refused changes nothing."""
    settle(tenants)
    for deed in sorted(WRONGS):
        assert_refused_alike(tenants, deed)


def assert_refused_alike(tenants: Tenants, deed: str) -> None:
    before = all_of(tenants.database, tenants.ours)
    for wrong in WRONGS[deed]:
        told = {
            "chat": chat(tenants, wrong.chat, wrong.role) if wrong.chat else None,
            "api": api(tenants, wrong) if wrong.api else None,
            "text": text(tenants, wrong) if wrong.text else None,
        }
        assert {door: said for door, said in told.items() if said is not None} == {
            door: wrong.say for door, said in told.items() if said is not None
        }, wrong
    assert all_of(tenants.database, tenants.ours) == before


def test_whoever_may_not_decide_is_refused_at_every_door(tenants: Tenants) -> None:
    settle(tenants)
    for deed in sorted(WRONGS):
        assert_not_for_everybody(tenants, deed)


def assert_not_for_everybody(tenants: Tenants, deed: str) -> None:
    before = all_of(tenants.database, tenants.ours)
    for wrong in WRONGS[deed][:1]:
        if wrong.chat:
            assert ": ask Olga." in chat(tenants, wrong.chat, Role.USER), wrong
        if wrong.api:
            method, path, body = wrong.api
            told = send(tenants, method, path, body, key="ours-user")
            assert told.code == "MISSING_ROLE", wrong
        if wrong.text:
            answer = send(tenants, "PUT", "/text", {"text": ""}, key="ours-admin")
            assert answer.code == "MISSING_ROLE"
    assert all_of(tenants.database, tenants.ours) == before


def test_every_deed_that_is_done_in_chat_is_tried_by_somebody_of_one_place_alone() -> None:
    assert BY_ONE_OF_ONE_PLACE.keys() == {deed for deed, door in doors() if door == "chat"}


@pytest.mark.parametrize("deed", sorted(BY_ONE_OF_ONE_PLACE))
def test_who_owns_one_place_alone_changes_nothing_that_holds_elsewhere(
    tenants: Tenants, deed: str
) -> None:
    settle(tenants)
    for line in ("!rules preset insults warn", "!module install roll"):
        chat(tenants, line, Role.OWNER)
    with editing(tenants.database, tenants.versions) as edit:
        CommandLimits(edit).put(tenants.ours, Limit(command="!note", calls=3, seconds=60))
        CommandLimits(edit).put(tenants.ours, Limit(command="", calls=9, seconds=60))
    before = elsewhere(tenants)
    assert len(before["limits"]) == 2

    told = [chat(tenants, line, Role.OWNER, Role.USER) for line in BY_ONE_OF_ONE_PLACE[deed]]

    assert elsewhere(tenants) == before, told


def test_a_rule_of_somebody_of_one_place_holds_there_alone_and_is_theirs(tenants: Tenants) -> None:
    settle(tenants)

    def says(line: str) -> str:
        return chat(tenants, line, Role.MODERATOR, Role.USER)

    added = says("!rules add contains banana block")
    assert "In this channel alone" in added
    number = added.partition("rule ")[2].partition(":")[0]
    [rule] = [one for one in snapshot(tenants).rules if str(one.id) == number]
    assert rule.entities == {PLACE}
    assert "is off" in says(f"!rules off {number}")
    assert "on again" in says("!rules undo")
    whole = "which is up to its moderators: ask Olga."
    assert says("!rules off 1") == f"Rule 1 concerns the whole community, {whole}"
    assert says("!labels make regular") == f"A label concerns the whole community, {whole}"


@pytest.mark.parametrize(
    ("typed", "row", "told"),
    [
        (
            "here case priority 10 contains NITRO block 10m",
            {"case_sensitive": True, "priority": 10, "places": [PLACE], "timeout_seconds": 600},
            f"rule contains “NITRO”, block for 10 min, capitals count, priority 10, in {PLACE}",
        ),
        ("priority 200 word hi warn", {"priority": 200}, "rule word “hi”, warn, priority 200"),
        ("* ", {"match": "*", "pattern": "*"}, "rule every line, on record alone"),
        ("here *", {"places": [PLACE]}, f"rule every line, on record alone, in {PLACE}"),
    ],
)
def test_a_rule_from_chat_may_be_all_that_a_text_may_and_a_difference_tells_it(
    tenants: Tenants, typed: str, row: dict[str, Any], told: str
) -> None:
    settle(tenants)
    before = export(tenants)
    said = chat(tenants, f"!rules add {typed}", Role.MODERATOR)

    assert said.startswith("Added rule "), said
    added = tomllib.loads(export(tenants))["rules"]
    assert [one for one in added if row.items() <= one.items()], added
    body = {"text": before, "dry_run": True}
    changes = send(tenants, "PUT", "/text", body, key=fresh_key(tenants)).data["changes"]
    assert changes == [f"- {told}"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("priority contains hi", "priority"),
        ("priority 10001 contains hi", "10,000"),
        ("here case", "kind"),
        ("here hear contains hi", "'hear' is no kind of rule"),
        ("contains", "look for"),
        ("* banana block", "every line"),
    ],
)
def test_what_stands_before_the_kind_of_a_rule_is_a_word_for_it_or_named(
    tenants: Tenants, typed: str, said: str
) -> None:
    settle(tenants)
    assert said in chat(tenants, f"!rules add {typed}", Role.MODERATOR)


def elsewhere(tenants: Tenants) -> Any:
    """The community as it is in all its other places, and which those are."""
    with tenants.database.writer() as connection:
        homes = Places(Edit(connection)).homes(tenants.ours)
    return {"homes": sorted(homes), **without(PLACE, tomllib.loads(export(tenants)))}


def without(place: str, value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: without(place, one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in ({}, [], None)}
    if isinstance(value, list):
        is_there = [one for one in value if not is_only_at(place, one)]
        return [without(place, one) for one in is_there]
    return value


def is_only_at(place: str, one: Any) -> bool:
    is_row = isinstance(one, dict)
    return one == place or (is_row and (one.get("places") == [place] or one.get("place") == place))


def test_two_commands_swap_their_names_in_a_text(tenants: Tenants) -> None:
    called = {"!quote": "eins", "!note": "zwei"}
    for names in (called, {"!quote": "zwei", "!note": "eins"}):
        more = {"commands": {one: {"called": name} for one, name in names.items()}}
        assert bring(tenants, more).body["success"]
        told = send(tenants, "GET", "/commands", key="ours-user").data["names"]
        assert {command: name for name, command in told.items()} == names


def test_a_part_more_is_a_folder_and_a_line_in_the_list(
    tenants: Tenants, owner: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(tenants)
    assert bring(tenants, {POND: {"depth": 7}}).code == "INVALID_TEXT"

    with pond_added(tmp_path, owner, monkeypatch):
        catch_up(tenants.urls)
        assert DEED in deeds() - {*WRONGS, *HAVE_NO_WRONG_INPUT}
        assert {door for deed, door in doors() if deed == DEED} == {"text"}
        monkeypatch.setitem(WRONGS, DEED, WRONG_PONDS)
        assert_refused_alike(tenants, DEED)
        assert_not_for_everybody(tenants, DEED)
        assert not snapshot(tenants).own[POND]

        dug = bring(tenants, {POND: {"depth": 7}})
        assert dug.data["changes"] == ["+ depth of the pond: 7"]
        assert bring(tenants, {}).data["changes"] == []
        assert "[pond]\ndepth = 7\n" in export(tenants)
        assert snapshot(tenants).own[POND] == 7
        filled = send(tenants, "POST", "/text/undo", {}, key=fresh_key(tenants))
        assert filled.data["changes"] == ["- depth of the pond: 7"]
        assert not snapshot(tenants).own[POND]


def test_a_change_walks_down_from_the_line_to_the_row(tenants: Tenants) -> None:
    settle(tenants)
    with walked_from("functions/builtins/moderating/rules.py") as walk:
        chat(tenants, '!rules add contains "free nitro" block 10m', Role.MODERATOR)

    floors = [step[1].rpartition("waddlebot/")[2] for step in walk.steps]
    assert {"decisions/parts/rules/deeds.py", "stores/string_rules.py"} <= set(floors)
    assert walk.climbs == []
    assert len(snapshot(tenants).rules) == 2
