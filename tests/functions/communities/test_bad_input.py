"""Whatever stands in an address or a body: a sentence that names it, never a crash."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from functions.communities import handler as communities
from functions.communities.text_form import read_text
from functions.communities.text_size import MOST_CHARACTERS
from tests.helpers.aws_context import AwsContext
from tests.helpers.communities_api import ask
from tests.helpers.community_texts import bring, read
from tests.helpers.tenants import Tenants
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Refusal
from waddlebot.stores.places import Places
from waddlebot.stores.versions import editing

HEAD = 'waddlebot = 1\nname = "Penguins"\n'
OWNER = "ours-owner"
WRITTEN = [
    ("PATCH", "", {"name": "Odd"}),
    ("PATCH", "/settings", {"prefix": "?", "time_zone": "UTC", "language": "en"}),
    ("PATCH", "/commands", {"command": "!quote", "role": "moderator", "name": "odd"}),
    ("PUT", "/members", {"platform": "twitch", "user_id": "7", "role": "moderator", "name": "A"}),
    ("POST", "/labels", {"name": "odd", "color": "#ff0000"}),
    ("POST", "/labels/on", {"kind": "user", "things": ["twitch:7"], "label": "odd", "until": "x"}),
    ("PUT", "/text", {"text": HEAD, "dry_run": True}),
    ("PUT", "/alerts", {"kind": "raid", "platform": "twitch", "least": 1, "text": "{name}"}),
    ("PUT", "/goals", {"what": "subs", "target": 50, "title": "A microphone"}),
    ("POST", "/overlays/countdown", {"seconds": 60, "title": "Soon"}),
    ("PUT", "/overlays/chat", {"places": [], "commands": True}),
    ("PUT", "/overlays/theme", {"theme": "neon"}),
    ("PUT", "/overlays/css", {"css": "a{color:red}"}),
    ("POST", "/media", {"name": "odd", "type": "image/png", "bytes": 10}),
]
ODD: tuple[Any, ...] = (
    *("\0", "a\0b", "\ud800", "x" * 300_000, 2**63, 10**40, -1, 1.5, float("inf"), [], {}, None),
    *("0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", ["\0"], [2**70], True),
)


def sent(tenants: Tenants, method: str, path: str, raw: str, query: str = "") -> tuple[int, Any]:
    at = f"/api/communities/{tenants.ours}{path}"
    event = {
        "version": "2.0",
        "routeKey": "ANY /api/communities/{path+}",
        "rawPath": at,
        "rawQueryString": query,
        "headers": {"x-api-key": OWNER, "content-type": "application/json"},
        "requestContext": {
            "http": {"method": method, "path": at, "sourceIp": "127.0.0.1", "protocol": "HTTP/1.1"}
        },
        "body": raw,
        "isBase64Encoded": False,
    }
    told = communities.handler(event, AwsContext())
    return told["statusCode"], json.loads(told["body"])


@pytest.mark.parametrize("typed", ["RAID", " raid ", "Raid"])
def test_a_kind_of_alert_is_the_same_however_it_is_written(tenants: Tenants, typed: str) -> None:
    status, told = sent(tenants, "PUT", "/alerts", json.dumps({"kind": typed}))
    assert (status, told["data"]["kind"]) == (200, "raid"), told


@pytest.mark.parametrize(("method", "path", "body"), WRITTEN)
def test_no_value_of_a_field_ends_in_a_crash(
    tenants: Tenants, method: str, path: str, body: dict[str, Any]
) -> None:
    for field in body:
        for odd in ODD:
            status, told = sent(tenants, method, path, json.dumps({**body, field: odd}))
            if status == 429:  # the import has a limit of its own
                return
            assert status < 500, (field, odd, told)


@pytest.mark.parametrize(
    "raw", ["[" * 100_000, '{"name":' * 50_000, '{"name": "\\ud800"}', "1" + "0" * 5_000, "NaN"]
)
def test_a_body_that_no_reader_takes_is_refused(tenants: Tenants, raw: str) -> None:
    status, told = sent(tenants, "PATCH", "", raw)

    assert (status, told["success"]) == (400, False)


@pytest.mark.parametrize("depth", [101, 700, 990])
def test_brackets_that_readers_take_and_nobody_behind_them_are_refused(
    tenants: Tenants, depth: int
) -> None:
    nested = "[" * depth + "]" * depth
    for method, path, body in WRITTEN:
        for raw in (nested, json.dumps({**body, next(iter(body)): "?"}).replace('"?"', nested)):
            status, told = sent(tenants, method, path, raw)

            assert (status, told["error"]["code"]) == (400, "INVALID_JSON"), (path, told)
            assert "brackets within each other" in told["error"]["message"], path


def test_brackets_in_a_text_are_no_depth(tenants: Tenants) -> None:
    assert sent(tenants, "PATCH", "", json.dumps({"name": "[" * 30, "x": "[{" * 99}))[0] == 400
    assert ask("POST", f"/{tenants.ours}/labels", {"name": "odd", "color": "#ff0000"}, key=OWNER)
    text = read(tenants) + "#" + '"[{\\"' * 200
    assert bring(tenants, text, dry_run=True).status == 200


def test_a_body_is_read_to_its_limit_and_no_further(tenants: Tenants) -> None:
    assert sent(tenants, "PATCH", "", " " * (512 * 1024 + 1))[0] == 413


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/changes", "before=9223372036854775808"),
        ("/changes", f"before={'9' * 500}"),
        ("/changes", "before=%00"),
        ("/changes", "before=0"),
        ("/labels/search", "kind=user&label=odd&after=%00"),
        ("/labels/on", "kind=user&thing=%00"),
        ("/places", "after=%00"),
        ("/places%00", ""),
    ],
)
def test_an_address_that_holds_what_nobody_keeps_is_a_400(
    tenants: Tenants, path: str, query: str
) -> None:
    assert sent(tenants, "GET", path, "", query)[0] == 400


def test_a_page_beyond_64_bits_is_a_400(tenants: Tenants) -> None:
    assert tenants.ours
    assert ask("GET", "", key=OWNER, query={"after": 2**63}).status == 400


def test_a_place_is_found_whatever_capitals_its_login_has(tenants: Tenants) -> None:
    with editing(tenants.database, tenants.versions) as edit:
        Places(edit).open(EntityId("twitch:channel:1"), login="penguins")
    place = "twitch:channel:Penguins"
    body = {"platform": "twitch", "user_id": "7", "role": "moderator", "place": place}

    assert ask("PUT", f"/{tenants.ours}/members", body, key=OWNER).status == 200
    for nowhere in ("myspace:channel:1", "twitch:channel:9", "nonsense"):
        told = ask("PUT", f"/{tenants.ours}/members", {**body, "place": nowhere}, key=OWNER)
        assert told.status == 400


BOMBS = {
    "dotted keys": HEAD + "a" + ".a" * 60_000 + " = 1\n",
    "quoted dotted keys": HEAD + '""' + '. ""' * 60_000 + " = 1\n",
    "a dotted header": HEAD + "[a" + ".a" * 60_000 + "]\n",
    "brackets": HEAD + "x = " + "[" * 100_000,
    "braces": HEAD + "x = " + "{a=" * 100_000,
    "keys": HEAD + "".join(f"a{number}=1\n" for number in range(60_000)),
    "a number": HEAD + "x = " + "1" * 100_000,
    "an open text": HEAD + 'x = """' + '\\"' * 150_000,
    "quotation marks": HEAD + '"\\' * 150_000,
    "signs": HEAD + "#" * MOST_CHARACTERS,
    "after a text": HEAD + 'x = """ a "" \\""" "a' + ".a" * 60_000,
}


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_a_text_that_would_take_the_reader_down_is_not_given_to_it(bomb: str) -> None:
    began = time.process_time()

    with pytest.raises(Refusal) as caught:
        read_text(BOMBS[bomb])

    assert caught.value.code == "INVALID_TEXT"
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize("bomb", ["brackets", "braces"])
def test_brackets_without_end_are_counted_before_anybody_reads_them(bomb: str) -> None:
    """Its own reader would give up as well, a thousand calls deep."""
    with pytest.raises(Refusal, match="within each other"):
        read_text(BOMBS[bomb])


def test_through_the_door_sixty_thousand_dotted_keys_are_a_400(tenants: Tenants) -> None:
    told = bring(tenants, BOMBS["dotted keys"])

    assert (told.status, told.code) == (400, "INVALID_TEXT")
    assert "8 parts" in told.text


def test_what_is_written_out_is_read_in_again_with_room_to_spare(tenants: Tenants) -> None:
    text = read(tenants)

    assert bring(tenants, text + "# a. b. c. d. e. f. g. h. i. [[[[[[[[[[[[\n").status == 200
    patterned = text.replace("free ours", "a.b.c.d.e.f.g.h.i.j [[[[[[[[[[ {{{{{{{{{{")
    assert bring(tenants, patterned, dry_run=True).status == 200
    huge = text + f"\n[modules.memories]\nodd = {10**30}\n"
    assert bring(tenants, huge, dry_run=True).status == 400
