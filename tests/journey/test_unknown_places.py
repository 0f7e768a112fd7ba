"""A workspace, a server and a channel that no fixture knows, from the owner's first word on.

People are nobody but what the platforms say of them: in what they sign, and what their APIs answer.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from local.stand_ins.people import stable_number
from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.patience import BUSY_SECONDS

EVERYTHING = str((1 << 53) - 1)
"""What Discord says that the owner of a server may."""

Said = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Place:
    """Somewhere new; `last` is what was said before the line that is being answered."""

    house: House
    platform: str
    channel: str
    number: str
    server: str = ""
    last: int = 0

    def from_now_on(self) -> None:
        self.last = self.house.last_number()

    def hears(self, words: str, *, channel: str = "", within: float = BUSY_SECONDS) -> Said | None:
        """With these words, in this channel or else anywhere on the platform."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            for one in self.said():
                is_there = channel in ("", one["channel"])
                if is_there and words.lower() in one["text"].lower():
                    return one
            time.sleep(0.1)
        return None

    def said(self) -> list[Said]:
        where = f"after={self.last}&platform={self.platform}"
        found: list[Said] = self.house.get(f"/stand-ins/replies?{where}")["replies"]
        return [one for one in found if one["kind"] != "deleted"]

    def happens(self, what: str, *, who: str = "nobody", **more: object) -> None:
        about = {"as": who, "on": self.platform, "type": what, "channel": self.channel}
        server = {"server": self.server} if self.server else {}
        self.house.post("/stand-ins/happens", {**about, **server, **more})


@dataclass(slots=True, kw_only=True)
class Workspace(Place):
    def person(self, who: str, **facts: object) -> str:
        self.happens("user_change", who=f"{who}{self.number}", display_name=who, **facts)
        return f"U1{stable_number(f'{who}{self.number}')}"

    def owner_says(self, text: str) -> None:
        owner = self.person("berta", is_owner=True, is_primary_owner=True)
        self.line(owner, text)

    def line(self, user: str, text: str, *, channel: str = "") -> None:
        self.from_now_on()
        where = channel or self.channel
        line = signed.slack_line(self.house, text, team=self.server, channel=where, user=user)
        assert line.send(self.house)[0] < 300

    def helper(self) -> tuple[str, str]:
        """As the owner names them, and as they speak."""
        user = self.person("hugo")
        return f"<@{user}>", user

    def says(self, who: str, text: str) -> None:
        self.line(self.person(who), text)

    def mods(self) -> str:
        """A channel for moderators where somebody has spoken, as its link is written."""
        self.line(self.person("gerda"), "hello", channel=self.mods_id())
        return f"<#{self.mods_id()}|mods>"

    def mods_id(self) -> str:
        return f"C9{self.number}"


@dataclass(slots=True, kw_only=True)
class Server(Place):
    def id_of(self, who: str) -> str:
        return f"3020000{stable_number(f'{who}{self.number}'):011d}"

    def made(self) -> Server:
        """Somebody owns it, and Discord has told the bot of it and of one channel more."""
        self.happens("server_owner", who=f"berta{self.number}")
        self.house.post(
            "/stand-ins/happens",
            {
                "as": f"berta{self.number}",
                "on": "discord",
                "type": "server_owner",
                "server": self.server,
                "channel": self.mods_id(),
            },
        )
        return self

    def owner_says(self, text: str) -> None:
        self.slash("berta", text, permissions=EVERYTHING)

    def slash(self, who: str, text: str, *, permissions: str = "0") -> None:
        self.from_now_on()
        user = {"id": self.id_of(who), "username": f"{who}{self.number}", "global_name": who}
        asked = signed.discord_slash(
            self.house,
            text.removeprefix("!"),
            guild=self.server,
            channel=self.channel,
            member={"user": user, "permissions": permissions},
        )
        assert asked.send(self.house)[0] == 200

    def helper(self) -> tuple[str, str]:
        return f"<@{self.id_of('hugo')}>", "hugo"

    def line(self, user: str, text: str) -> None:
        self.slash(user, text)

    def says(self, who: str, text: str) -> None:
        self.from_now_on()
        about = {"as": f"{who}{self.number}", "on": "discord", "text": text}
        place = {"server": self.server, "channel": self.channel}
        assert self.house.post("/stand-ins/says", {**about, **place})["accepted"]

    def mods(self) -> str:
        return f"<#{self.mods_id()}>"

    def mods_id(self) -> str:
        return f"8{self.channel}"


@dataclass(slots=True, kw_only=True)
class Channel(Place):
    """The streamer's id is the channel's."""

    def owner_says(self, text: str) -> None:
        self.line(self.channel, text, badge="broadcaster", name="Berta")

    def line(self, user: str, text: str, *, badge: str = "", name: str = "") -> None:
        self.from_now_on()
        line = signed.twitch_line(
            self.house,
            text,
            channel=self.channel,
            user=user,
            name=name or f"hugo{self.number}",
            badge=badge,
        )
        assert line.send(self.house)[0] < 300

    def helper(self) -> tuple[str, str]:
        user = str(stable_number(f"hugo{self.number}"))
        self.line(user, "hello")  # whom nobody has heard of, nobody can be named by
        return f"@hugo{self.number}", user

    def says(self, who: str, text: str) -> None:
        self.line(str(stable_number(f"{who}{self.number}")), text, name=f"{who}{self.number}")

    def mods(self) -> str:
        return "here"

    def mods_id(self) -> str:
        return self.channel


Unknown = Workspace | Server | Channel


def workspace(house: House) -> Workspace:
    number = fresh()
    return Workspace(
        house=house, platform="slack", server=f"T6{number}", channel=f"C6{number}", number=number
    )


def server(house: House) -> Server:
    number = fresh()
    made = Server(
        house=house,
        platform="discord",
        server=f"7001{number}",
        channel=f"7002{number}",
        number=number[:8],
    )
    return made.made()


def channel(house: House) -> Channel:
    number = fresh()
    return Channel(house=house, platform="twitch", channel=f"66{number}", number=number[:8])


def fresh() -> str:
    return f"{uuid.uuid4().int % 10**12:012d}"


KINDS: list[Callable[[House], Unknown]] = [workspace, server, channel]


@pytest.fixture(params=KINDS, ids=["slack", "discord", "twitch"])
def unknown(request: pytest.FixtureRequest, house: House) -> Unknown:
    made: Unknown = request.param(house)
    return made


def test_an_owner_gives_a_role_names_the_moderators_channel_and_sets_a_rule(
    unknown: Unknown,
) -> None:
    named, helper = unknown.helper()
    unknown.line(helper, "!addquote Too early")
    assert unknown.hears("is for moderators only")
    unknown.owner_says(f"!roles give {named} moderator")
    assert unknown.hears("is a moderator here now")
    unknown.line(helper, "!addquote Early birds")
    assert unknown.hears("Kept as quote #1")
    mods = unknown.mods()
    unknown.owner_says(f"!settings set moderators {mods}")
    assert unknown.hears("what I do about lines is told")
    phrase = f"crypto{unknown.number}"
    unknown.owner_says(f"!rules add contains {phrase} block")
    assert unknown.hears(phrase)
    unknown.says("gustav", f"buy {phrase} today")
    notice = unknown.hears("said something that", channel=unknown.mods_id())
    assert notice
    assert f"buy {phrase} today" in notice["text"]


def test_before_a_channel_is_named_whoever_looks_after_the_place_is_told_and_how_to_name_one(
    unknown: Unknown,
) -> None:
    phrase = f"crypto{unknown.number}"
    unknown.owner_says(f"!rules add contains {phrase} block")
    assert unknown.hears(phrase)
    unknown.says("gustav", f"buy {phrase} today")
    notice = unknown.hears(f"buy {phrase}")  # others' notices are said on the same platform
    assert notice
    assert "said something that" in notice["text"]
    assert notice["kind"] == "private"
    assert notice["channel"] != unknown.channel
    hint = unknown.hears("!settings set moderators #channel", channel=notice["channel"])
    assert hint
    assert hint["kind"] == "private"
    unknown.says("gerda", f"sell {phrase} today")
    again = unknown.hears(f"sell {phrase}")
    assert again
    assert again["channel"] == notice["channel"]
    told = unknown.hears("!settings set moderators", channel=notice["channel"], within=1)
    assert not told, "it is said once"


def test_on_discord_a_channel_that_only_moderators_see_is_better_than_the_owners_messages(
    house: House,
) -> None:
    place = server(house)
    place.happens("channel_hidden", channel=place.mods_id())
    phrase = f"crypto{place.number}"
    place.owner_says(f"!rules add contains {phrase} block")
    assert place.hears(phrase)
    place.says("gustav", f"buy {phrase} today")
    assert place.hears("said something that", channel=place.mods_id())
