"""API and text name a command as its community does, or as it is declared; answers as it does."""

from __future__ import annotations

import tomllib

import pytest
import tomli_w

from tests.helpers.communities_api import ask
from tests.helpers.community_texts import bring, read
from tests.helpers.tenants import Tenants


@pytest.fixture
def renamed(tenants: Tenants) -> Tenants:
    """`?` is its prefix, and addquote is called keep."""
    at = f"/{tenants.ours}"
    assert ask("PATCH", f"{at}/settings", {"prefix": "?"}, key="ours-admin").status == 200
    body = {"command": "!addquote", "name": "keep"}
    assert ask("PATCH", f"{at}/commands", body, key="ours-admin").status == 200
    return tenants


@pytest.mark.parametrize("name", ["keep", "?keep", "!keep", "addquote", "?addquote", "!addquote"])
def test_a_command_goes_by_either_name(renamed: Tenants, name: str) -> None:
    at = f"/{renamed.ours}/commands"

    off = ask("PATCH", at, {"command": name, "enabled": False, "role": "admin"}, key="ours-owner")
    assert (off.data["off"], off.data["rights"]) == (["!addquote"], {"!addquote": "admin"})
    on = ask("PATCH", at, {"command": name, "enabled": True, "name": None}, key="ours-owner")

    assert (on.data["off"], on.data["names"]) == ([], {"ours": "!quote"})


def test_a_module_goes_by_either_name(renamed: Tenants) -> None:
    at = f"/{renamed.ours}/commands"
    ask("PATCH", at, {"command": "!memories", "name": "treasure"}, key="ours-admin")

    for name in ("treasure", "memories"):
        off = ask("PATCH", at, {"command": name, "enabled": False}, key="ours-admin")
        assert off.data["off"] == ["memories"]
        on = ask("PATCH", at, {"command": name, "enabled": True}, key="ours-admin")
        assert on.data["off"] == []


def test_a_refusal_names_commands_as_people_type_them_there(renamed: Tenants) -> None:
    at = f"/{renamed.ours}/commands"

    unknown = ask("PATCH", at, {"command": "nothing", "enabled": False}, key="ours-admin")
    taken = ask("PATCH", at, {"command": "!command", "enabled": False}, key="ours-admin")

    assert unknown.body["error"]["message"] == "There is no command 'nothing'. See ?help."
    assert taken.body["error"]["message"].startswith("?command always works")


def test_a_text_says_the_same_by_either_name(renamed: Tenants) -> None:
    document = tomllib.loads(read(renamed))
    document["commands"]["!note"] = {"off": True}
    document["limits"] = [{"command": "!addquote", "calls": 3, "seconds": 60}]
    runs = {"match": "word", "pattern": "morning", "action": "command", "command": "!quote 3"}
    document["rules"].append(runs)
    document["aliases"] = {"q": "!quote $1 && !addquote again", "hi": "Hello"}
    assert bring(renamed, tomli_w.dumps(document)).status == 200
    exported = read(renamed)

    own = tomllib.loads(exported)
    own["commands"] = {name.removeprefix("!"): one for name, one in own["commands"].items()}
    own["limits"][0]["command"] = "?keep"
    own["rules"][-1]["command"] = "?ours 3"
    own["aliases"] = {"Q": "?ours $1 && ?keep again", "hi": "Hello"}

    assert bring(renamed, tomli_w.dumps(own), dry_run=True).data["changes"] == []
    assert bring(renamed, tomli_w.dumps(own)).status == 200
    assert read(renamed) == exported


def test_one_command_under_two_names_is_refused(renamed: Tenants) -> None:
    text = read(renamed) + "\n[commands.keep]\noff = true\n\n[commands.addquote]\noff = true\n"

    told = bring(renamed, text)

    assert (told.status, told.code) == (400, "INVALID_TEXT")
    assert told.body["error"]["message"].startswith("'addquote' is '!addquote', of which")
