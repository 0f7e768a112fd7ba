"""Dead letters and replies in doubt: listed, shown, replayed, dropped."""

from __future__ import annotations

import json
import os
import sys

import pytest
import redis

from operations.speaking import moment
from tests.helpers.events_and_commands import (
    a_speaker,
    an_event,
)
from tests.helpers.letters import a_bad_row, a_dead_event, a_doubt, a_reply
from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.stores.keys import Partition

__all__ = ["address", "terminal"]


def test_a_dead_event_is_listed_shown_replayed_and_gone(
    address: str, terminal: Terminal, streams: redis.Redis
) -> None:
    assert address
    letter = a_dead_event(streams, an_event("!quote 3", id="twitch:7"))

    table = terminal.type("dlq list")
    shown = terminal.type(f"dlq show {letter}")
    replayed = terminal.type(f"dlq replay {letter}")
    again = terminal.type(f"dlq replay {letter}")

    head, row, _, advice = table.splitlines()
    assert head.split() == ["ID", "KIND", "WRITTEN", "WHAT", "WHY"]
    assert row.startswith(f"{letter}  event  ")
    assert row.endswith("twitch:channel:1001  Ana: !quote 3  the router died 3 times")
    assert advice == "1 letter. All about one: waddlebot dlq show ID"
    assert "waddlebot explain twitch:7" in shown
    assert f"waddlebot dlq replay {letter}" in shown
    assert replayed == f"{letter}  Replayed: it is routed again as if it had happened now.\n"
    assert again == f"{letter}  It is not there: already replayed or dropped.\n"
    assert terminal.code == 1
    assert streams.xlen(Partition().events_stream()) == 1
    assert terminal.type("dlq list") == "No dead letters, no replies in doubt.\n"


def test_all_replays_events_and_leaves_what_may_be_seen_twice(
    address: str, terminal: Terminal, streams: redis.Redis
) -> None:
    assert address
    for _ in range(101):
        a_dead_event(streams, an_event("!quote 3"))
    doubt = a_doubt(streams, a_reply())

    events = terminal.type("dlq replay --all")
    left = terminal.type("dlq list")
    replies = terminal.type("dlq replay --all --kind reply")

    assert events.count("Replayed:") == 101
    assert events.endswith("1 letter of another kind left alone; see --kind.\n")
    assert streams.xlen(Partition().events_stream()) == 101
    assert f"{doubt}  reply in doubt  " in left
    assert replies == f"{doubt}  Replayed: it is sent again, so people may see it twice.\n"


def test_what_cannot_be_replayed_is_said_with_the_exit_code_and_can_be_dropped(
    address: str, terminal: Terminal, streams: redis.Redis
) -> None:
    assert address
    row = a_bad_row(streams)

    refused = terminal.type(f"dlq replay {row}")
    code = terminal.code
    dropped = terminal.type("dlq drop --all")

    assert refused.startswith(f"{row}  A row that the database refuses cannot be replayed.")
    assert code == 1
    assert dropped == f"{row}  Dropped.\n"
    assert terminal.code == 0
    assert terminal.type("dlq drop --all") == "Nothing to drop.\n"


@pytest.mark.parametrize(("typed", "left"), [("n\n", 1), ("\n", 1), ("y\n", 0)])
@pytest.mark.usefixtures("address")
def test_a_person_is_asked_before_all_is_dropped(
    terminal: Terminal,
    streams: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    left: int,
) -> None:
    a_dead_event(streams, an_event("!quote 3"))
    keyboard, screen = os.openpty()
    os.write(keyboard, typed.encode())
    with os.fdopen(screen) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        terminal.type("dlq drop --all")
    os.close(keyboard)

    assert terminal.err.startswith("Drop 1 letter for good? [y/N] ")
    assert (streams.xlen(Partition().dead_letters()), terminal.code) == (left, left)


def test_the_same_comes_as_json(address: str, terminal: Terminal, streams: redis.Redis) -> None:
    assert address
    letter = a_dead_event(streams, an_event("!quote 3"))

    assert [one["id"] for one in terminal.type_json("dlq list")["letters"]] == [letter]
    assert terminal.type_json("dlq list --kind reply") == {"letters": []}
    assert terminal.type_json(f"dlq show {letter}")["content"]["text"] == "!quote 3"
    assert terminal.type_json(f"dlq drop {letter}")["results"][0]["fate"] == "dropped"
    assert terminal.type_json("streams")["partitions"][0]["dead_letters"] == 0


def test_a_line_of_chat_cannot_steer_the_terminal(
    address: str, terminal: Terminal, streams: redis.Redis
) -> None:
    assert address
    event = an_event("hi\x1b[2J\x9b2J\n\u202e", user=a_speaker("An\x1ba"))
    letter = a_dead_event(streams, event)

    printed = [
        terminal.type(line)
        for line in ("dlq list", f"dlq show {letter}", f"dlq show {letter} --json")
    ]

    assert all(one.isprintable() for text in printed for one in text.replace("\n", ""))
    assert json.loads(printed[2])["content"]["text"] == event.text


def test_moments_have_no_more_digits_than_anybody_reads() -> None:
    assert moment("2026-07-01T12:00:00.123987+00:00") == "2026-07-01 12:00:00.123 UTC"
    assert moment("2026-07-01T14:00:00+02:00") == "2026-07-01 12:00:00.000 UTC"


def test_streams_are_a_table_with_what_is_worth_saying(
    address: str, terminal: Terminal, streams: redis.Redis
) -> None:
    assert address
    a_dead_event(streams, an_event("hi"))
    streams.set(Partition().full(), "1", ex=5)

    head, events, replies, _, memory, letters, *warnings = terminal.type("streams").splitlines()

    assert head.split() == ["PARTITION", "STREAM", "WAITING", "PENDING", "OLDEST", "CONSUMERS"]
    assert events.split() == ["0", "events", "0", "0", "-", "0"]
    assert replies.split() == ["0", "replies", "0", "0", "-", "0"]
    assert memory.startswith("Memory: ")
    assert letters == "1 dead letter, 0 replies in doubt: see `waddlebot dlq list`."
    assert warnings[0] == "Partition 0 is full: new events are refused until there is room."
