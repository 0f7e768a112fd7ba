"""A workspace that no fixture knows: people have the names and rights that Slack gives them."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.stand_ins.people import stable_number
from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.patience import eventually

PATIENCE = 20.0
FOUND = Path(__file__).parents[3] / "shared" / "fixtures" / "found"


@dataclass(slots=True, kw_only=True)
class Workspace:
    """Its people are known to Slack alone; their lines come signed by hand, with ids."""

    house: House
    team: str
    channel: str
    number: str
    last: int = 0

    def has(self, who: str, **facts: object) -> str:
        """What Slack knows of an account from now on, which it also tells; its id."""
        login = f"{who}{self.number}"
        about = {"as": login, "on": "slack", "server": self.team, "channel": self.channel}
        self.house.post("/stand-ins/happens", {**about, "type": "user_change", **facts})
        return f"U1{stable_number(login)}"

    def says(self, user: str, text: str, *, team: str = "", goes_on: bool = False) -> None:
        """From here on answers are heard; `goes_on`: as well as those to the line before."""
        if not goes_on:
            self.last = self.house.last_number()
        line = signed.slack_line(
            self.house, text, team=team or self.team, channel=self.channel, user=user
        )
        assert line.send(self.house)[0] == 200

    def obeys(self, user: str, text: str, words: str) -> bool:
        """Said again by who was taken for nobody: Slack may not tell in time on a busy machine."""

        def is_done() -> bool:
            self.says(user, text)
            return self.hears(words, within=PATIENCE / 4) is not None

        return eventually(is_done, within=PATIENCE)

    def hears(self, words: str, *, within: float = PATIENCE) -> str | None:
        """What was said here since the last line with these words in it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            for item in self._said():
                if words.lower() in item["text"].lower():
                    return str(item["text"])
            time.sleep(0.1)
        return None

    def _said(self) -> list[dict[str, Any]]:
        where = f"/stand-ins/replies?after={self.last}&platform=slack&channel={self.channel}"
        items: list[dict[str, Any]] = self.house.get(where)["replies"]
        return [one for one in items if one["kind"] != "deleted"]


@pytest.fixture
def workspace(house: House) -> Workspace:
    number = str(uuid.uuid4().int % 10**8)
    return Workspace(house=house, team=f"T7{number}", channel=f"C7{number}", number=number)


def test_the_owner_of_a_workspace_gives_a_role_and_sets_a_rule_and_both_work(
    workspace: Workspace,
) -> None:
    boss = workspace.has("boss", display_name="Berta Boss", is_primary_owner=True, is_owner=True)
    helper = workspace.has("helper", display_name="Hugo")
    workspace.says(helper, "!addquote Too early")
    assert workspace.hears("is for moderators only")
    order = f"!roles give <@{helper}> moderator"
    assert workspace.obeys(boss, order, "Hugo is a moderator here now")
    workspace.says(helper, "!addquote Early birds")
    assert workspace.hears("Kept as quote #1")
    phrase = f"crypto{workspace.number}"
    workspace.says(boss, f"!rules add contains {phrase} warn Please do not")
    assert workspace.hears(phrase)
    guest = workspace.has("guest", display_name="Gustav")
    workspace.says(guest, f"buy {phrase}")
    assert workspace.hears("please do not")
    workspace.says(boss, f"the rule is about {phrase}")
    workspace.says(boss, "#roll 1d1", goes_on=True)
    assert workspace.hears("Berta Boss rolled")
    assert not workspace.hears("please do not", within=1)


def test_people_are_called_by_their_names_wherever_their_ids_stand(workspace: Workspace) -> None:
    boss = workspace.has("boss", display_name="Berta Boss", is_owner=True)
    quiet = workspace.has("quiet", display_name="Quentin <the quiet>")
    assert workspace.obeys(boss, "!rules preset", "Add one")
    workspace.says(boss, f"!addquote <@{quiet}> says little")
    assert workspace.hears("Kept as quote #1")
    workspace.says(boss, "!quote 1")
    said = workspace.hears("says little") or ""
    assert "@Quentin <the quiet> says little" in said
    assert quiet not in said
    workspace.says(boss, f"!roles give <@{quiet}> moderator")
    assert "Quentin <the quiet> is a moderator" in (workspace.hears("moderator here now") or "")
    workspace.says(quiet, "#roll 1d1")
    assert workspace.hears("Quentin <the quiet> rolled")


def test_what_was_known_of_somebody_is_dropped_when_slack_says_that_it_changed(
    workspace: Workspace,
) -> None:
    boss = workspace.has("boss", display_name="Berta", is_admin=True)
    assert workspace.obeys(boss, "!settings set prefix ?", "prefix is ? now")
    workspace.has("boss", display_name="Berta Former", is_admin=False)

    def is_nobody() -> bool:
        workspace.says(boss, "?settings set prefix !")
        return workspace.hears("is for admins only", within=3) is not None

    assert eventually(is_nobody, within=PATIENCE)
    workspace.says(boss, "#roll 1d1")
    assert workspace.hears("Berta Former rolled")


@pytest.mark.parametrize(
    "facts",
    [
        {"is_owner": True, "is_bot": True},
        {"is_owner": True, "deleted": True},
        {"is_admin": True, "is_restricted": True},
        {"is_owner": True, "is_stranger": True},
    ],
    ids=["a program", "sent away", "a guest", "a stranger"],
)
def test_who_only_looks_like_an_owner_may_nothing(
    workspace: Workspace, facts: dict[str, bool]
) -> None:
    somebody = workspace.has("somebody", display_name="Sam", **facts)
    workspace.says(somebody, "!settings set prefix ?")
    assert workspace.hears("is for admins only")


def test_an_owner_of_another_workspace_is_a_user_in_a_channel_that_both_share(
    workspace: Workspace,
) -> None:
    visitor = workspace.has("visitor", display_name="Vera", is_primary_owner=True)
    workspace.says(visitor, "!settings set prefix ?", team=f"T8{workspace.number}")
    assert workspace.hears("is for admins only")


def test_a_channels_link_without_its_name_is_a_command_by_that_name(house: House) -> None:
    talk = house.chat(on="slack", channel="roll", viewer=f"ana{uuid.uuid4().int % 10**9}")
    place = talk.says("ana", "hello")
    payload = _payload()
    event = payload["event"]
    moment = f"{time.time():.6f}"
    event |= {"channel": place["channel"], "ts": moment, "event_ts": moment}
    event["text"] = event["text"].replace("C0ROLL", place["channel"])
    payload |= {"event_id": f"Ev{uuid.uuid4().hex[:9]}", "event_time": int(time.time())}
    assert signed.slack(house, json.dumps(payload).encode(), form=False).send(house)[0] == 200
    listening = house.chat(on="slack", channel=place["channel"])
    assert listening.hears("Ana rolled", within=PATIENCE)


def _payload() -> dict[str, Any]:
    """As it was found; without the file a line of the same kind."""
    file = FOUND / "11_slack_channel_link_without_name.json"
    if file.exists():
        found: dict[str, Any] = json.loads(file.read_text())["payload"]
        return found
    event = {"type": "message", "user": "U0ANA", "text": "<#C0ROLL|> 2d6", "team": "T0WADDLEBOT"}
    return {"type": "event_callback", "team_id": "T0WADDLEBOT", "event": event}


def test_who_is_in_the_group_that_an_admin_names_moderates_until_they_leave_it(
    workspace: Workspace,
) -> None:
    boss = workspace.has("boss", display_name="Berta", is_owner=True)
    helper = workspace.has("helper", display_name="Hugo")
    group = _group(workspace, [helper])
    workspace.says(helper, "!addquote Too early")
    assert workspace.hears("is for moderators only")
    order = f"!settings set moderator-group <!subteam^{group}|@mods>"
    assert workspace.obeys(boss, order, f"moderator-group is {group} now")
    workspace.says(helper, "!addquote Early birds")
    assert workspace.hears("Kept as quote #1")
    workspace.says(helper, "!settings set prefix ?")
    assert workspace.hears("is for admins only"), "no more than a moderator"
    workspace.says(boss, "he leaves")
    _group(workspace, [])

    def is_nobody() -> bool:
        workspace.says(helper, "!rules list", goes_on=True)  # a refusal is said once a minute
        return workspace.hears("is for moderators only", within=3) is not None

    assert eventually(is_nobody, within=PATIENCE)


def test_a_rule_spares_whoever_is_in_the_group_and_nobody_else(workspace: Workspace) -> None:
    boss = workspace.has("boss", display_name="Berta", is_owner=True)
    helper = workspace.has("helper", display_name="Hugo")
    guest = workspace.has("guest", display_name="Gustav")
    _group(workspace, [helper])
    order = "!settings set moderator-group @mods"
    assert workspace.obeys(boss, order, "moderator-group is @mods now")
    phrase = f"crypto{workspace.number}"
    # Who belongs to the group is asked anew, and the boss with them.
    assert workspace.obeys(boss, f"!rules add contains {phrase} warn Please do not", phrase)
    workspace.says(helper, f"the rule is about {phrase}")
    workspace.says(guest, f"buy {phrase}", goes_on=True)
    assert workspace.hears("please do not")
    workspace.says(guest, "#roll 1d1", goes_on=True)
    assert workspace.hears("Gustav rolled")
    warned = [one for one in workspace._said() if "Please do not" in one["text"]]
    assert len(warned) == 1


def _group(workspace: Workspace, users: list[str]) -> str:
    """Who is in the workspace's group @mods from now on; Slack tells of it."""
    place = {"server": workspace.team, "channel": workspace.channel, "on": "slack"}
    what = {"type": "subteam_members_changed", "handle": "mods", "users": users}
    workspace.house.post("/stand-ins/happens", {"as": "nobody", **place, **what})
    return f"S0{stable_number(f'{workspace.team}/mods')}"
