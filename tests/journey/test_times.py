"""However people spell how long and when, everything that asks for it understands the same."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat
from tests.helpers.moderating import done, named

LENGTHS = {
    "90": "1 minute and 30 seconds",
    "10m": "10 minutes",
    "10 m": "10 minutes",
    "10 minutes": "10 minutes",
    "1h30": "1 hour and 30 minutes",
    "1h30m": "1 hour and 30 minutes",
    "1.5h": "1 hour and 30 minutes",
    "half an hour": "30 minutes",
    "a day": "1 day",
    "in 10 minutes": "10 minutes",
    "for 10m": "10 minutes",
}
SHORT = {
    "1 minute and 30 seconds": "90 s",
    "10 minutes": "10 min",
    "1 hour and 30 minutes": "90 min",
    "30 minutes": "30 min",
    "1 day": "1 d",
}
MOMENTS = {
    "tomorrow 9:00": "tomorrow at 09:00 (Europe/Berlin)",
    "at 20:00": "at 20:00 (Europe/Berlin)",
    "next friday 18:30": "at 18:30 (Europe/Berlin)",
}
CHRISTMAS = {"24 dec": "24 December"}


def in_berlin(chat: Chat) -> None:
    says(chat, "olga", "!settings set timezone Europe/Berlin", "Europe/Berlin")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_rules_and_limits_read_how_long(chat: Chat) -> None:
    for number, (typed, said) in enumerate((LENGTHS | {"1w": "7 days"}).items()):
        short = SHORT.get(said, "7 d")  # one rule twice is refused
        says(chat, "max", f"!rules add contains zzz{number} block {typed}", f"block for {short}")
    for typed, said in LENGTHS.items():
        says(chat, "max", f"!limits set !quote 3 in {typed} together", f"3 in {SHORT[said]},")
    says(chat, "max", "!limits set !quote 3 in 1w", "at most 10,000 in at most 24h")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_labels_and_timeouts_read_how_long_and_until_when(chat: Chat) -> None:
    in_berlin(chat)
    chat.says("ana", "hello")
    who = named(chat)
    says(chat, "max", "!labels make regular", "There is a label")
    for typed, said in (LENGTHS | {"1w": "7 days"} | MOMENTS | CHRISTMAS).items():
        says(chat, "max", f"!labels add {who} regular {typed}", said)
        says(chat, "max", f"!labels take {who} regular", "no more")
    for typed, said in (LENGTHS | {"1w": "7 days"}).items():
        reason = "calm down" if typed != "90" else ""
        says(chat, "max", f"!timeout {who} {typed} {reason}", f"for {said}, until ")
    for typed, said in MOMENTS.items():
        clock = said.rpartition("at ")[2]  # its day is told by its date
        says(chat, "max", f"!timeout {who} {typed} calm down", f", {clock}.")
    assert done(chat, "timeout", "calm down")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_reminders_read_how_long_and_when(chat: Chat) -> None:
    in_berlin(chat)
    for typed, said in (LENGTHS | {"1w": "7 days"} | MOMENTS | CHRISTMAS).items():
        if typed != "90":
            says(chat, "ana", f"!remind {typed} stretch", said)


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_what_looks_like_a_time_and_is_none_is_refused(chat: Chat) -> None:
    chat.says("ana", "hello")
    for line, answer in (
        ("!rules add contains zzz block 10 parsecs", "10 what?"),
        ("!rules add contains zzz block tomorrow 9:00", "says when, and I need how long"),
        ("!limits set !quote 3 in 10:99", "'10:99' says when, and I need how long"),
        (f"!timeout {named(chat)} 10m 5m calm down", "I cannot read '10m 5m calm' as a time"),
        ("!rules add contains zzz ban", "A rule has no action 'ban'"),
    ):
        assert chat.asks("max", line, answer, within=15), line
    says(chat, "olga", "!rules list", "There are no rules")
    says(chat, "olga", '!rules add contains "zzz ban" block "90 strikes"', "“zzz ban”, block.")
