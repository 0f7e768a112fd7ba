"""What anybody reads of a draw, and checks on a computer of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.modules.giveaways import drawing
from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.proving import read
from functions.modules.giveaways.script import SCRIPT
from waddlebot_sdk import WebAnswer, WebRequest
from waddlebot_sdk.dialogue import Dialogue

Talk = Dialogue[Giveaways]
Record = dict[str, Any]


def asked(giveaways: Giveaways, token: str) -> WebAnswer:
    request = WebRequest(
        method="GET",
        path={"token": token},
        query={},
        headers={},
        body=b"",
        deadline=datetime.now(UTC),
        web="https://bot.example.org/modules/giveaways",
    )
    return read(request, giveaways)


def token_of(talk: Talk) -> str:
    talk.heard()
    talk.says("Ana", "!giveaway proof")
    return talk.heard()[0].rpartition("/proof/")[2]


@pytest.fixture
def token(chat: Talk) -> str:
    """Of a draw that is over: three of twelve won, one of them in another's place."""
    chat.says("Max", '!giveaway start "A fish" winners 2 subs x3', role="moderator")
    for number in range(12):
        labels = ["subs"] if number % 3 == 0 else []
        chat.says(f"Ana{number}", "!enter", labels=labels)
    chat.says("Max", "!giveaway exclude @ana11", role="moderator")
    chat.says("Max", "!giveaway draw", role="moderator")
    for number in range(12):
        chat.says(f"Ana{number}", "!claim")
    return token_of(chat)


def checks(folder: Path, record: Record, script: str = SCRIPT) -> subprocess.CompletedProcess[str]:
    """In a process of its own, which has none of our packages."""
    (folder / "record.json").write_text(json.dumps(record))
    (folder / "check.py").write_text(script)
    return subprocess.run(
        [sys.executable, "-I", "check.py", "record.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_draw_is_checked_by_the_pages_own_script(
    giveaways: Giveaways, token: str, tmp_path: Path
) -> None:
    page = asked(giveaways, token)
    assert page.content_type.startswith("text/plain")
    record = json.loads(asked(giveaways, f"{token}.json").text)
    script = asked(giveaways, f"{token}.py").text
    assert script in page.text
    assert len(script.splitlines()) <= 30
    assert f"https://bot.example.org/modules/giveaways/proof/{token}.json" in page.text
    for named in (record["seed"], record["commitment"], record["list"]):
        assert named in page.text
    assert len(record["entries"]) == 11
    assert record["left_out"][0]["why"] == "excluded by a moderator"
    assert [one["outcome"] for one in record["drawn"]] == ["claimed", "claimed"]

    checked = checks(tmp_path, record, script)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "NO" not in checked.stdout
    assert record["drawn"][0]["entry"] in checked.stdout


def another_seed(record: Record) -> None:
    record["seed"] = drawing.new_seed()


def another_winner(record: Record) -> None:
    entries = [one["entry"] for one in record["entries"]]
    drawn = record["drawn"]
    drawn[0]["entry"] = next(one for one in entries if one not in {won["entry"] for won in drawn})


def another_order(record: Record) -> None:
    record["drawn"].reverse()


def fewer_winners(record: Record) -> None:
    record["drawn"].pop()


def one_entry_more(record: Record) -> None:
    record["entries"].append({"entry": "0123456789abcdef", "weight": 1})


def one_entry_less(record: Record) -> None:
    won = {one["entry"] for one in record["drawn"]}
    record["entries"] = [
        one for number, one in enumerate(record["entries"]) if one["entry"] in won or number % 2
    ]


def another_weight(record: Record) -> None:
    record["entries"][0]["weight"] = 2 if record["entries"][0]["weight"] == 1 else 1


def a_weight_that_was_not_said(record: Record) -> None:
    for one in record["entries"]:
        one["weight"] = 9
    entries = [(one["entry"], one["weight"]) for one in record["entries"]]
    record["list"] = drawing.hash_list(entries)
    won = drawing.rank(record["seed"], entries)[: len(record["drawn"])]
    record["drawn"] = [{"entry": one, "outcome": "claimed"} for one in won]


@pytest.mark.parametrize(
    "tamper",
    [
        another_seed,
        another_winner,
        another_order,
        fewer_winners,
        one_entry_more,
        one_entry_less,
        another_weight,
        a_weight_that_was_not_said,
    ],
)
def test_a_record_that_was_tampered_with_fails(
    giveaways: Giveaways, token: str, tmp_path: Path, tamper: Callable[[Record], None]
) -> None:
    record = json.loads(asked(giveaways, f"{token}.json").text)
    tamper(record)

    checked = checks(tmp_path, record)

    assert checked.returncode != 0
    assert "WRONG" in checked.stderr
    assert "NO " in checked.stdout


def test_the_seed_is_told_when_nobody_has_to_claim_any_more(
    chat: Talk, giveaways: Giveaways, tmp_path: Path
) -> None:
    chat.says("Max", "!giveaway start A fish", role="moderator")
    chat.says("Ana", "!enter")
    began = asked(giveaways, token_of(chat))
    chat.says("Max", "!giveaway draw", role="moderator")
    token = token_of(chat)
    found = giveaways.find(1, 1)
    assert found

    record = json.loads(asked(giveaways, f"{token}.json").text)

    assert record["seed"] is None
    assert found.seed not in began.text + asked(giveaways, token).text
    assert "NOT YET" in checks(tmp_path, record).stderr
    chat.says("Ana", "!claim")
    record = json.loads(asked(giveaways, f"{token}.json").text)
    assert drawing.commit_to(record["seed"]) == record["commitment"]
    assert checks(tmp_path, record).returncode == 0


def test_what_is_written_down_of_a_giveaway_has_no_secret(giveaways: Giveaways, token: str) -> None:
    found = giveaways.find_by_token(token)
    assert found
    written = repr(found)
    assert "A fish" in written
    assert found.seed not in written
    assert repr(found.salt) not in written


def test_what_is_read_tells_nobodys_name_or_id(giveaways: Giveaways, token: str) -> None:
    for kind in ("", ".json"):
        text = asked(giveaways, f"{token}{kind}").text
        assert "Ana" not in text
        assert "ana" not in text.replace("another", "")


def test_a_prize_is_only_a_text_there(chat: Talk, giveaways: Giveaways) -> None:
    chat.says("Max", '!giveaway start <script>alert("1")</script>', role="moderator")
    token = token_of(chat)

    assert asked(giveaways, token).content_type.startswith("text/plain")
    assert not asked(giveaways, token).title
    record = json.loads(asked(giveaways, f"{token}.json").text)
    assert record["prize"] == '<script>alert("1")</script>'


def test_an_address_that_nobody_was_given_is_none(giveaways: Giveaways, token: str) -> None:
    for wrong in ("", "0" * 32, token[:-1], f"{token}.exe", "x" * 999):
        assert asked(giveaways, wrong).status == 404


def test_weights_are_chances() -> None:
    """A third more tickets win a third more often, also in the second place."""
    entries = [("a", 1), ("b", 2), ("c", 3)]
    orders = [drawing.rank(f"seed {number}", entries) for number in range(6000)]

    first = [sum(one[0] == name for one in orders) / 6000 for name in "abc"]
    second = sum(one[1] == "b" for one in orders if one[0] == "c") / sum(
        one[0] == "c" for one in orders
    )
    assert first == pytest.approx([1 / 6, 2 / 6, 3 / 6], abs=0.025)
    assert second == pytest.approx(2 / 3, abs=0.035)
