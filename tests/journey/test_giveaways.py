"""Something is given away in a house that runs as for people, as each platform shows it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.chatting import named, says
from tests.helpers.homes import greeted_on_slack, own_place
from tests.helpers.house import Chat, House
from tests.helpers.pressing import presses

PATIENCE = 20.0
EVERYWHERE = pytest.mark.parametrize("talk", ["discord", "slack", "twitch"], indirect=True)
START = '!giveaway start "A <b>fish</b>" claim 10m subs x2'


@pytest.fixture
def talk(request: pytest.FixtureRequest, house: House) -> Chat:
    """A channel of the real house; parametrize with the platform."""
    talk = house.chat(on=request.param, **own_place(request.param))
    if request.param == "slack":
        greeted_on_slack(house)
        return talk
    talk.says("olga", "hello everybody")
    assert talk.hears("!help", within=20)
    return talk


def hears(talk: Chat, words: str, *, to: str = "") -> str:
    heard = talk.hears(words, within=PATIENCE, to=to)
    assert heard, (words, talk._seen)
    return str(heard["text"])


def page(talk: Chat) -> str:
    """Its address on this machine, as chat names it."""
    talk.says("ana", "!giveaway proof")
    found = re.search(r"/modules/giveaways/proof/\w{32}", hears(talk, "/proof/"))
    assert found
    return f"{talk.house.url}{found[0]}"


def loaded(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address
        text: str = answer.read().decode()
        return text


def checked(folder: Path, record: Any, script: str) -> int:
    """0 where the draw is right: in a process of its own, without our packages."""
    (folder / "record.json").write_text(json.dumps(record))
    (folder / "check.py").write_text(script)
    ran = subprocess.run(
        [sys.executable, "-I", "check.py", "record.json"],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return ran.returncode


@EVERYWHERE
def test_who_wins_is_called_claims_and_all_can_check_it(talk: Chat, tmp_path: Path) -> None:
    talk.says("max", START)
    begun = hears(talk, "Giveaway #")
    assert "SHA-256" in begun
    assert "subs count 2 times" in begun
    if talk.on == "twitch":
        talk.says("ana", "!enter")
    else:
        presses(talk, "ana", "I am in")
    entry = re.search(r"entry ([0-9a-f]{16})", hears(talk, "You are in for"))
    assert entry
    says(talk, "ana", "!enter", "already")
    says(talk, "ana", "!giveaway", "1 person in")

    talk.says("max", "!giveaway draw")

    assert entry[1] in hears(talk, "drawn from 1 person")
    called = talk.hears("you won", within=PATIENCE)
    assert called
    assert talk.viewer in str(called["text"]) or called["pings"]
    says(talk, "ana", "!claim", "Check the draw")
    says(talk, "max", "!giveaway draw", "was drawn already")
    address = page(talk)
    record, script = json.loads(loaded(f"{address}.json")), loaded(f"{address}.py")
    assert script in loaded(address)
    assert [one["entry"] for one in record["drawn"]] == [entry[1]]
    assert record["commitment"] in begun
    assert checked(tmp_path, record, script) == 0
    record["entries"][0]["weight"] = 2
    assert checked(tmp_path, record, script) != 0
    assert not talk.hears("you won", within=1)


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_it_is_drawn_when_its_time_is_over(talk: Chat) -> None:
    says(talk, "max", "!giveaway start Ice for 30s", "Giveaway #1 Ice")
    says(talk, "ana", "!enter", "You are in for #1 Ice")
    time.sleep(30)
    hears(talk, "#1 Ice goes to")
    hears(talk, "you won #1 Ice")
    says(talk, "ana", "!claim", "#1 Ice is")


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_who_is_excluded_is_not_in(talk: Chat) -> None:
    says(talk, "ana", "!giveaway", "Nothing is given away")
    says(talk, "max", "!giveaway start Ice", "Giveaway #1 Ice")
    says(talk, "max", f"!giveaway exclude {named(talk)}", "cannot win #1 Ice")
    says(talk, "ana", "!enter", "a moderator left you out")


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_what_is_wrong_is_said_with_what_to_type(talk: Chat) -> None:
    says(talk, "max", "!giveaway start", "Usage: !giveaway start <prize>")
    says(talk, "max", "!giveaway start Ice winners 0", "There can be 1 to 20 winners")
    says(talk, "ana", "!giveaway draw", "moderator")
    says(talk, "ana", "!claim", "You were not drawn in any giveaway")
    says(talk, "ana", "!enter", "No giveaway runs now")
