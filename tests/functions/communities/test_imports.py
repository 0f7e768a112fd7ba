"""What files of other bots become: each format keeps the promises of all."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from typing import Any

import pytest

from functions.communities.importers import FORMATS
from tests.helpers.communities_api import Answer, ask
from tests.helpers.community_texts import bring, fresh_key, read
from tests.helpers.other_bots import FILES, TOLD, hostile
from tests.helpers.tenants import Tenants
from waddlebot.decisions.parts.aliases.deeds import MOST_ALIASES

BROKEN = ["", "{", "nothing", "[" * 10_000, "1" * 10_000, '{"commands": 3}', "3", "null", '"x"']
WRONG: list[Any] = [
    {"commands": [None, 3, "x", [], {}], "timers": {}},
    [None, 3, "x", [], {}, {"command": 3, "text_trigger": [], "cooldown": "x", "aliases": {}}],
    {"x": {"trigger": {}, "effects": [], "cooldown": 1e400}, "y": None},
    {"components": {"commands": "x"}},
]
MANY = 3_500
NASTY = "<script>alert(1)</script> @everyone \u202egnp.exe"


@pytest.fixture(params=sorted(FORMATS))
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def imported(tenants: Tenants, form: str, file: str) -> Answer:
    path = f"/{tenants.ours}/import/{form}"
    return ask("POST", path, {"file": file}, key=fresh_key(tenants))


def test_a_file_becomes_text_that_is_taken_as_it_was_told(tenants: Tenants, form: str) -> None:
    before = read(tenants)
    told = imported(tenants, form, FILES[form]).data
    assert {one["name"]: one["outcome"] for one in told["report"]} == TOLD[form]
    assert read(tenants) == before
    assert bring(tenants, told["text"]).data["changes"] == told["changes"]
    custom = tomllib.loads(read(tenants))["custom"]
    assert custom["calc"]["off"]
    assert custom["vips"]["text"] == "For you"
    assert custom["vips"]["role"] == "moderator"


def test_what_cannot_be_read_is_said_and_nothing_falls_over(tenants: Tenants, form: str) -> None:
    for file in [*BROKEN, *map(json.dumps, WRONG)]:
        answer = imported(tenants, form, file)
        assert answer.status in {200, 400}, (file[:50], answer.text)
        assert answer.status == 200 or answer.body["error"]["message"], file[:50]


def test_nothing_is_lost_silently(tenants: Tenants, form: str) -> None:
    """As many as a body holds; names that come twice, that the house has, that are none."""
    names = ["rules", "same", "same", "", "two words", "\u202erev"]
    names += [f"c{number}" for number in range(MANY - len(names))]
    told = imported(tenants, form, json.dumps(hostile(form, names, "Hi"))).data
    assert len(told["report"]) == MANY
    kept = tomllib.loads(told["text"])["custom"]
    outcomes = Counter(one["in_text"] for one in told["report"])
    assert outcomes[True] == len(kept) == 300
    assert "rules" not in kept
    assert all(one["why"] for one in told["report"] if not one["in_text"])
    assert not any("\u202e" in one["name"] for one in told["report"])


def test_what_it_says_is_kept_as_it_stands(tenants: Tenants, form: str) -> None:
    told = imported(tenants, form, json.dumps(hostile(form, ["nasty"], NASTY))).data
    assert [one["outcome"] for one in told["report"]] == ["converted"]
    assert tomllib.loads(told["text"])["custom"]["nasty"]["text"] == NASTY


def test_the_report_says_commands_as_they_are_typed_here(tenants: Tenants) -> None:
    usual = read(tenants)
    assert bring(tenants, usual.replace('language = "de"', 'prefix = "?"')).status == 200
    told = imported(tenants, "nightbot", FILES["nightbot"]).data
    bring(tenants, usual)
    (calc,) = (one["why"] for one in told["report"] if one["name"] == "calc")
    assert calc.endswith("Write it anew, then switch it on: ?editcom calc, ?custom on calc")


def test_of_no_bot_that_is_known_nothing_is_read(tenants: Tenants) -> None:
    answer = imported(tenants, "mybot", "{}")
    assert (answer.status, answer.code) == (404, "UNKNOWN_FORMAT")


def test_a_file_is_only_so_long(tenants: Tenants, form: str) -> None:
    assert imported(tenants, form, "x" * 800_000).status == 413


def test_what_the_report_quotes_can_be_said(tenants: Tenants) -> None:
    """Half a sign, and one that turns the others round, as levels and kinds of another bot."""
    row = {"name": "!hi", "message": "Hi", "userLevel": "vip\ud800\u202e"}
    answer = imported(tenants, "nightbot", json.dumps({"commands": [row]}))
    assert answer.status == 200, answer.text
    assert answer.data["report"][0]["why"].startswith("It was for vip??:")


def test_aliases_that_have_no_room_are_told_and_the_rest_comes(tenants: Tenants) -> None:
    rows = [
        {"command": f"c{number}", "reply": "Hi", "aliases": [f"a{number}"]}
        for number in range(MOST_ALIASES + 20)
    ]
    told = imported(tenants, "streamelements", json.dumps(rows))
    assert told.status == 200, told.text
    aliases = [one for one in told.data["report"] if one["kind"] == "alias"]
    kept = [one for one in aliases if one["in_text"]]
    assert len(aliases) == len(rows)
    assert 0 < len(kept) <= MOST_ALIASES
    assert all(f"{MOST_ALIASES} aliases" in one["why"] for one in aliases if one not in kept)
    assert len(tomllib.loads(told.data["text"])["custom"]) >= len(rows)
