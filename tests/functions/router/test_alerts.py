"""What follows, gives, raids and comes is shown in OBS, by the rules of its community."""

from __future__ import annotations

import pytest

from functions.overlay.shown import shown
from tests.helpers.alerts import alerts, channel, happens, lines, state
from tests.helpers.aliases import Channel, open_channel
from tests.helpers.router_doors import Doors
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions
from waddlebot_sdk.seen_signs import FLAGS

__all__ = ["channel"]  # a fixture


def test_what_happens_is_shown_in_words_without_anybodys_doing(channel: Channel) -> None:
    happens(channel, "raid", viewers=120)
    happens(channel, "subscription", "Bo", tier="1000")
    happens(channel, "resub", "Cy", months=14, tier="2000", message="Still here!")
    happens(channel, "gift_subscription", "Dee", total=10)
    happens(channel, "gift_subscription", "Eve")
    happens(channel, "cheer", "Flo", bits=1)
    happens(channel, "donation", "Gus", amount=12.5, currency="EUR")
    happens(channel, "follow", "Hal")
    happens(channel, "member_join", "Ida")
    happens(channel, "boost", "Jo")

    assert lines(channel) == [
        "Ana raids with 120",
        "Bo subscribed",
        "Cy subscribed for 14 months",
        "Dee gifts 10 subs",
        "Eve gifts 1 sub",
        "Flo cheers 1 bit",
        "Gus gives 12.50 EUR",
        "Hal follows",
        "Ida is here",
        "Jo boosts this server",
    ]
    raid, _, resub, *_ = alerts(channel)
    assert raid["line"] == "{name} raids with {amount}"
    assert (raid["name"], raid["amount"], raid["platform"]) == ("Ana", "120", "twitch")
    assert (resub["tier"], resub["text"]) == ("Tier 2", "Still here!")


def test_what_is_told_again_is_shown_once(channel: Channel) -> None:
    for _ in range(3):
        happens(channel, "raid", viewers=120, message_id="the-raid")
    assert lines(channel) == ["Ana raids with 120"]


def test_subs_that_were_gifts_are_told_with_the_gift(channel: Channel) -> None:
    happens(channel, "gift_subscription", total=10, message_id="gift")
    for number in range(10):
        happens(channel, "subscription", f"Viewer {number}", is_gift=True)
    assert lines(channel) == ["Ana gifts 10 subs"]


def test_who_gives_without_a_name_has_none(channel: Channel) -> None:
    happens(channel, "cheer", "AnAnonymousCheerer", bits=500, anonymous=True)
    assert lines(channel) == ["Somebody cheers 500 bits"]


def test_signs_that_join_others_stay_and_alone_they_are_nothing(channel: Channel) -> None:
    coder, wish = (
        "\N{WOMAN}\u200d\N{PERSONAL COMPUTER}",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    )
    happens(channel, "cheer", coder, bits=5, message=f"{wish} \u202e{coder}")
    happens(channel, "follow", "\u200d \u200c")
    assert lines(channel) == [f"{coder} cheers 5 bits", "Somebody follows"]
    assert alerts(channel)[0]["text"] == f"{wish} {coder}"


def test_without_an_address_nothing_is_pushed(
    doors: Doors, database: Postgres, versions: Versions
) -> None:
    channel = open_channel(doors, database, versions)
    happens(channel, "raid", viewers=120)
    assert lines(channel) == []
    assert "Nobody sees it yet: put !overlay general into OBS" in channel.says("!alerts off raid")


def test_a_moderator_says_what_is_shown_and_how(channel: Channel) -> None:
    said = channel.says(
        "!alerts set cheer from 100 style urgent for 12s say {name} throws {amount} bits"
    )
    assert said == (
        "cheer from 100: “{name} throws {amount} bits”, style urgent, 12 s. "
        "As usual again: !alerts reset cheer from 100"
    )
    channel.says("!alerts set cheer from 1,000 say {name}!!!")
    channel.says("!alerts off follow")
    channel.says("!alerts off join on discord")
    happens(channel, "cheer", bits=99)
    happens(channel, "cheer", bits=100)
    happens(channel, "cheer", bits=5000)
    happens(channel, "follow")
    happens(channel, "member_join", "Bo")
    assert lines(channel) == ["Ana throws 100 bits", "Ana!!!", "Bo is here"]
    first = alerts(channel)[0]
    assert (first["style"], first["own_style"], first["seconds"]) == ("urgent", True, 12)

    listed = channel.says("!alerts")
    assert "cheer from 1000: “{name}!!!”" in listed
    assert "follow: off" in listed
    assert "join on discord: off" in listed
    assert "As usual: sub, resub, gift, raid, donation, boost" in listed
    assert channel.says("!alerts on follow").startswith("follow: “{name} follows”")
    assert channel.says("!alerts reset cheer").startswith("Taken back: cheer from 100: ")
    happens(channel, "cheer", bits=1)
    assert lines(channel)[-1] == "Ana cheers 1 bit"


def test_who_may_not_and_what_is_no_rule_are_told_so(channel: Channel) -> None:
    assert "moderators" in channel.says("!alerts off raid", "ana")
    assert channel.says("!alerts set raid red").startswith("I do not understand 'red'")
    assert channel.says("!alerts set raid from many").startswith("I do not understand 'from many'")


def test_switched_off_with_its_module_or_quiet_nothing_is_shown(channel: Channel) -> None:
    channel.says("!command off alerts", "300000000000000001")
    happens(channel, "raid", viewers=120)
    assert lines(channel) == []


def test_what_a_rule_forbids_is_not_shown_in_anybodys_name_or_words(channel: Channel) -> None:
    channel.says('!rules add contains "free nitro" block')
    happens(channel, "follow", "get free nitro")
    happens(channel, "cheer", bits=100, message="FREE NITRO here")
    assert lines(channel) == ["Somebody follows", "Ana cheers 100 bits"]
    assert [one["text"] for one in alerts(channel)] == ["", ""]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("{amount}{name}", "{amount}{name} raids with 7"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)> raids with 7"),
        ("A\u202eb\u200bc\x07d", "Abcd raids with 7"),
        ("x" * 250, f"{'x' * 60} raids with 7"),
        ("  \n ", "Somebody raids with 7"),
        ("\u3164\u2800", "Somebody raids with 7"),
        (f"Ada {FLAGS[1]}", f"Ada {FLAGS[1]} raids with 7"),
    ],
)
def test_a_name_is_a_text_whatever_it_is(channel: Channel, name: str, read: str) -> None:
    happens(channel, "raid", name, viewers=7)
    assert lines(channel) == [read]


@pytest.mark.parametrize("viewers", ["many", None, -5, {"a": 1}, [3], True, 1e300, "nan"])
def test_an_amount_that_is_none_is_left_out(channel: Channel, viewers: object) -> None:
    happens(channel, "raid", viewers=viewers)
    assert lines(channel) == ["Ana raids"]


def test_a_flood_of_one_kind_fills_no_queue(channel: Channel) -> None:
    events = [
        {
            "message_type": "follow",
            "entity_id": channel.place,
            "user_id": str(number),
            "username": f"Bot {number}",
        }
        for number in range(100)
    ]
    told = channel.doors.asks({"events": events}, route="POST /api/router/batch")
    assert told.status == 200, told.body
    assert len(lines(channel)) == 20


def test_what_waits_is_held_goes_on_and_gives_way(channel: Channel) -> None:
    assert channel.says("!overlay pause general").startswith("What waits is held back")
    channel.says("!overlay skip general")
    channel.says("!overlay replay")
    assert channel.says("!overlay resume general") == "On it goes (on general)."
    kinds = [shown(one)["kind"] for one in state(channel).pushes]
    assert kinds == ["pause", "skip", "replay", "resume"]
