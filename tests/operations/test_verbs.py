"""The operator's verbs, as typed, against the door of operations behind a real HTTP server."""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import redis

from functions.router.record import Ledger
from operations.speaking import moment
from tests.helpers.events_and_commands import (
    TWITCH,
    a_command,
    a_match,
    a_session,
    a_speaker,
    a_verdict,
    an_event,
)
from tests.helpers.letters import a_bad_row, a_dead_event, a_doubt, a_reply
from tests.helpers.operations_api import record_refusal
from tests.helpers.operations_front import listening
from tests.helpers.servers import Urls, catch_up
from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import MessageType
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.refused_wishes import RefusedWish
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.stores import keys
from waddlebot.stores.claims import Claimable, Claims, Live
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.string_rules import StringRules
from waddlebot.stores.valkey import connect
from waddlebot.stores.versions import Edit, Versions, editing
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.wishes import May

__all__ = ["address", "terminal"]


def test_a_community_is_written_out_compared_read_in_and_taken_back(
    address: str, terminal: Terminal, database: Postgres, versions: Versions, tmp_path: Path
) -> None:
    assert address
    with editing(database, versions) as edit:
        number = Places(edit).join([TWITCH], "Penguins")
        CommunitySettings(edit).set_own(number, "language", "de")
    assert "Penguins" in terminal.type("community list")
    text = terminal.type("community export penguins")
    assert 'language = "de"' in text
    file = tmp_path / "penguins.toml"
    file.write_text(text)
    assert terminal.type(f"community diff Penguins {file}") == "Nothing differs.\n"
    file.write_text(text.replace('"de"', '"fr"'))

    told = terminal.type(f"community import Penguins {file}")
    assert told.splitlines()[0] == "~ setting language: de becomes fr"
    assert "Nothing was changed yet" in told
    assert 'language = "de"' in terminal.type("community export Penguins")
    assert "Take it back" in terminal.type(f"community import Penguins {file} --yes")
    assert terminal.type_json("community export Penguins")["text"] == file.read_text()
    asked = terminal.type("community undo Penguins")
    assert asked.splitlines()[0] == "~ setting language: fr becomes de"
    assert "Nothing was taken back yet" in asked
    assert "That cannot be taken back itself" in asked
    assert terminal.type("community export Penguins") == file.read_text()
    assert terminal.type_json("community undo Penguins")["dry_run"] is True
    told = terminal.type("community undo Penguins --yes")
    assert "~ setting language: fr becomes de" in told
    assert "as it was before the last import" in told
    assert terminal.type("community export Penguins") == text
    terminal.type("community undo Penguins")
    assert (terminal.code, terminal.err) == (1, "No text was read in that could be taken back.\n")

    file.write_text("colour = 1")
    terminal.type(f"community import Penguins {file}")
    assert (terminal.code, terminal.err) == (1, "'waddlebot': it is missing.\n")
    terminal.type("community export Puffins")
    assert "Your key knows no community 'Puffins'" in terminal.err
    terminal.type("community import Penguins nothing.toml")
    assert terminal.err == "nothing.toml cannot be read: No such file or directory.\n"
    file.write_bytes(b"\xff")
    terminal.type(f"community import Penguins {file}")
    assert terminal.err == f"{file} cannot be read: it is no text in UTF-8.\n"


@pytest.mark.usefixtures("address")
def test_what_cannot_be_meant_is_told_in_words(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.type("person export twitch")
    assert terminal.code == 1
    assert "'twitch' names nobody: write PLATFORM:ID" in terminal.err
    for typed in ("audit --most x", "rules undo x"):
        with pytest.raises(SystemExit):
            terminal.type(typed)
        assert "'x' is no whole number" in capsys.readouterr().err


@pytest.mark.usefixtures("address")
def test_a_table_of_changes_is_as_wide_as_the_terminal(
    terminal: Terminal, database: Postgres, versions: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    with editing(database, versions) as edit:
        number = Places(edit).join([TWITCH], "Penguins that have a very long name of their own")
        CommunitySettings(edit).set_own(number, "language", "de")
    assert max(map(len, terminal.type("audit").splitlines())) > 80
    monkeypatch.setenv("COLUMNS", "80")
    narrow = terminal.type("audit").splitlines()
    assert max(map(len, narrow)) <= 80
    assert "…" in "".join(narrow)


@pytest.mark.parametrize(("typed", "left"), [("n\n", "fr"), ("\n", "fr"), ("y\n", "de")])
@pytest.mark.usefixtures("address")
def test_a_person_is_asked_before_an_import_is_taken_back(  # noqa: PLR0917 - fixtures
    terminal: Terminal,
    database: Postgres,
    versions: Versions,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    left: str,
) -> None:
    with editing(database, versions) as edit:
        number = Places(edit).join([TWITCH], "Penguins")
        CommunitySettings(edit).set_own(number, "language", "de")
    file = tmp_path / "penguins.toml"
    file.write_text(terminal.type("community export Penguins").replace('"de"', '"fr"'))
    terminal.type(f"community import Penguins {file} --yes")
    keyboard, screen = os.openpty()
    os.write(keyboard, typed.encode())
    with os.fdopen(screen) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        told = terminal.type("community undo Penguins")
    os.close(keyboard)

    assert told.splitlines()[0] == "~ setting language: fr becomes de"
    assert "Take back 1 change? [y/N] " in terminal.err
    assert terminal.code == (0 if left == "de" else 1)
    assert f'language = "{left}"' in terminal.type("community export Penguins")


def test_a_person_is_told_all_and_forgotten_when_it_is_meant(
    address: str, terminal: Terminal, database: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert address
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    database.write(
        """
        INSERT INTO community_members (community_id, platform, user_id, role, name)
        VALUES (0, 'twitch', '7', 'admin', 'Ana')
        """
    )
    [account] = terminal.type_json("person export twitch:7")["accounts"]
    assert account["tables"]["community_members"] == [
        {"community_id": 0, "entity_id": "", "role": "admin", "name": "Ana"}
    ]
    terminal.type("person erase twitch:7")
    assert (terminal.code, database.write("SELECT * FROM erasures")) == (1, [])
    assert terminal.type("person erase twitch:7 --yes") == "1 account. Forgotten within minutes.\n"
    assert len(database.write("SELECT * FROM erasures")) == 1
    terminal.type("person export irc:7")
    assert "'platform' is one of discord, slack, twitch." in terminal.err


def test_a_key_of_one_community_sees_that_one_alone(
    address: str,
    terminal: Terminal,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert address
    with editing(database, versions) as edit:
        for name in ("Penguins", "Puffins"):
            Places(edit).join([EntityId(f"twitch:channel:{name}")], name)
    made = "keys make pond --community penguins --role moderator"
    key = terminal.type(made).splitlines()[1]
    assert "Penguins (moderator)" in terminal.type("keys list")
    terminal.type("keys make fish --community Fish")
    assert "no community of that name" in terminal.err
    terminal.type("keys make fish --kind admin --community Penguins")
    assert "is for the whole house" in terminal.err

    monkeypatch.setenv("WADDLEBOT_API_KEY", key)
    assert [one["name"] for one in terminal.type_json("community list")["communities"]] == [
        "Penguins"
    ]
    terminal.type("community export Penguins")
    assert "This is for admins; this key is a moderator." in terminal.err
    terminal.type("community export Puffins")
    assert "knows no community 'Puffins'" in terminal.err
    terminal.type("keys list")
    assert terminal.code == 1


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


def test_calls_in_doubt_are_listed_until_somebody_has_looked(
    address: str, terminal: Terminal, environment: Urls, database: Postgres, streams: redis.Redis
) -> None:
    assert address
    event = an_event("!party hard")
    match = a_match(a_command("party", module="songs"), text="hard", session=a_session(event=event))
    verdict = a_verdict(match)
    ran = Execution(id=execution_id(match), verdict=verdict, status=Status.FAILED, error="in doubt")
    told = Outcome(session=match.session, verdicts=(verdict,), executions=(ran,))
    Ledger(database, LateRecords(streams, Partitions())).record([told])
    catch_up(environment)
    for at, one in enumerate(("e1", ran.id)):
        database.write(
            "INSERT INTO module_effects (execution_id, module, unsure, at) "
            "VALUES (%(id)s, 'songs', true, now() + %(at)s * interval '1 s')",
            {"id": one, "at": at},
        )

    head, row, whole, _, *advice = terminal.type("doubts list").splitlines()
    letters = terminal.type("dlq list")
    settled = terminal.type(f"doubts settle e1 e2 {ran.id}")
    code = terminal.code

    assert head.split() == ["ID", "WHEN", "MODULE", "WHO", "WHERE", "TYPED", "EVENT"]
    assert row.split()[0] == "e1"
    assert row.split()[-5:] == ["songs", "-", "-", "-", "-"]
    assert "!party hard" in whole
    assert whole.split()[-1] == event.id
    assert TWITCH not in whole
    assert "I do not know whether !party went through" in terminal.type(f"explain {event.id}")
    assert advice == [
        "2 calls. All about one: waddlebot explain EVENT",
        "You have looked: waddlebot doubts settle ID",
    ]
    assert code == 1
    assert letters.splitlines()[1] == "2 calls in doubt: see `waddlebot doubts list`."
    assert settled.splitlines() == [
        "e1  Settled.",
        "e2  It is not listed: already settled, or gone.",
        f"{ran.id}  Settled.",
    ]
    assert terminal.type("doubts list") == "No calls in doubt.\n"
    assert terminal.type_json("doubts list") == {"calls": []}


def test_what_modules_wished_and_may_not_is_listed_the_newest_first(
    address: str, terminal: Terminal, environment: Urls, database: Postgres, streams: redis.Redis
) -> None:
    assert address
    assert terminal.type("wishes") == "No module wished what it may not have.\n"
    old, new = refused_wish(database, streams, "host", 60), refused_wish(database, streams, "shy")
    catch_up(environment)

    head, first, second, _, advice = terminal.type("wishes").splitlines()

    assert head.split() == ["WHEN", "MODULE", "COMMUNITY", "WHERE", "WISHED", "WHY", "NOT", "EVENT"]
    assert first.split()[3] == "shy"
    assert first.endswith(f"say elsewhere  who types !module install coin  {new}")
    assert second.endswith(old)
    assert advice == "2 calls. All about one: waddlebot explain EVENT"
    [call] = terminal.type_json("wishes --module host")["calls"]
    assert (call["event"], call["user"], call["entity"]) == (old, "Ana", TWITCH)
    assert len(terminal.type_json("wishes --most 1")["calls"]) == 1


def refused_wish(
    database: Postgres, streams: redis.Redis, module: str, seconds_ago: float = 0
) -> str:
    """The id of the event."""
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    event = an_event("!party", occurred_at=at)
    match = a_match(a_command("party", module=module), session=a_session(event=event))
    verdict = a_verdict(match)
    why = f"who types {say_command('module install coin')}"
    ran = Execution(
        id=execution_id(match),
        verdict=verdict,
        status=Status.SUCCESS,
        refused=(RefusedWish(wish=May.SAY_ELSEWHERE, why=why),),
    )
    told = Outcome(session=match.session, verdicts=(verdict,), executions=(ran,))
    Ledger(database, LateRecords(streams, Partitions())).record([told])
    return event.id


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


def test_an_event_is_explained_in_sentences(
    address: str, terminal: Terminal, streams: redis.Redis, database: Postgres
) -> None:
    assert address
    event_id = record_refusal(database, streams)

    line, verdict = terminal.type(f"explain {event_id}").splitlines()

    assert line.startswith("Ana in a channel on Twitch at ")
    assert re.search(r" at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC: !addquote hi$", line), line
    assert verdict == "  !addquote is for moderators; Ana is a user here."
    assert terminal.type_json("explain slack:T1/C1/17.1")["event_id"] == "slack:T1/C1/17.1"


def test_what_is_no_line_is_explained_as_well(
    address: str, terminal: Terminal, database: Postgres
) -> None:
    assert address
    raid = an_event(type=MessageType.RAID, id="twitch:raid-1", occurred_at=datetime.now(UTC))
    client = connect("redis://127.0.0.1:1/0")
    Ledger(database, LateRecords(client, Partitions())).record(
        [Outcome(session=a_session(event=raid))]
    )

    what, why = terminal.type("explain twitch:raid-1").splitlines()

    assert what.startswith("raid by Ana in a channel on Twitch at ")
    assert why == "  Nothing matched it: nobody was answered."


def test_an_unknown_event_is_one_sentence(address: str, terminal: Terminal) -> None:
    assert address

    terminal.type("explain discord:1")

    assert terminal.code == 1
    assert terminal.out == ""
    assert terminal.err.startswith("Nothing was recorded of this event.")


def test_claims_tell_who_carries_what_and_where_nobody_does(
    address: str, terminal: Terminal, streams: redis.Redis, database: Postgres
) -> None:
    assert address
    assert terminal.type("claims").strip() == "No gateway has ever run. Start one: gateway_bot."
    held = Claims(database)
    held.populate("stream", ["0", "1", "2"])
    two = [Claimable(platform="stream", channel=number) for number in ("0", "1")]
    held.take("gone:7:x", two[:1], alive=[])
    held.take("here:8:y", two[1:], alive=[])
    now_ms = streams.time()[0] * 1000
    streams.zadd(keys.gateways_alive(), {"here:8:y": now_ms + 9_000, "gone:7:x": now_ms - 9_000})

    head, *rows, blank, said, warned = terminal.type("claims").splitlines()

    assert head.split() == ["PLATFORM", "CHANNEL", "GATEWAY", "SINCE", "LIVES", "NOTE"]
    assert [row.split()[:3] + row.split()[-1:] for row in rows] == [
        ["stream", "0", "gone:7:x", "no"],
        ["stream", "1", "here:8:y", "yes"],
        ["stream", "2", "-", "-"],
    ]
    assert (blank, said) == ("", "1 gateway lives.")
    assert warned == "Nobody carries stream 0, stream 2. Does a gateway run?"
    assert [one["lives"] for one in terminal.type_json("claims")["claims"]] == [False, True, False]


def test_claims_tell_what_is_on_air_which_servers_and_what_is_wrong(
    address: str, terminal: Terminal, streams: redis.Redis, database: Postgres
) -> None:
    assert address
    held = Claims(database)
    shard = Claimable(platform="discord", channel="shard 0 of 1")
    quiet, busy, left = (
        Claimable(platform="twitch", channel=name) for name in ("quiet", "busy", "left")
    )
    held.populate("discord", [shard.channel])
    held.populate("twitch", [quiet.channel, busy.channel, left.channel])
    held.take("here:8:y", [shard, quiet, busy], alive=[])
    held.set_live("twitch", [Live(channel="busy", viewers=17)])
    held.tell("here:8:y", shard, servers=["10", "11"])
    held.tell("here:8:y", quiet, trouble="There is no Twitch channel 'quiet'.")
    held.tell("gone:7:x", busy, trouble="not mine to tell")
    streams.zadd(keys.gateways_alive(), {"here:8:y": streams.time()[0] * 1000 + 9_000})

    _, *rows, blank, said, warned, wrong = terminal.type("claims").splitlines()

    assert [" ".join(row.split("  ")[-1:]).strip() for row in rows] == [
        "2 servers",
        "on air, 17 viewers",
        "-",
        "see below",
    ]
    assert (blank, said) == ("", "1 gateway lives.")
    assert warned == (
        "Nobody carries twitch left. Is every gateway full? Start another one, or raise MAX_CLAIMS."
    )
    assert wrong == "twitch quiet: There is no Twitch channel 'quiet'."
    told = terminal.type_json("claims")["claims"]
    assert [one["servers"] for one in told] == [["10", "11"], [], [], []]
    held.release("here:8:y", [shard])
    held.take("next:9:z", [shard, quiet], alive=[], ended=["here:8:y"])
    told = terminal.type_json("claims")["claims"]
    assert [(one["servers"], one["trouble"]) for one in told] == [([], "")] * 4
    held.set_live("twitch", [])
    assert not any(one["is_live"] for one in terminal.type_json("claims")["claims"])


def test_claims_tell_streamers_channels_by_name_and_prefer_takes_it(
    address: str, terminal: Terminal, database: Postgres
) -> None:
    assert address
    Claims(database).populate("twitch", ["853801474", "empress"])
    database.write(
        """
        INSERT INTO connections (service, account, kind, owner_kind, name)
        VALUES ('twitch', '853801474', 'channel', 'house', 'penny')
        """
    )

    told = terminal.type("claims")

    assert "853801474 (penny)" in told
    assert "empress (" not in told
    assert "Nobody carries twitch empress, twitch 853801474 (penny)." in told
    assert terminal.type_json("claims prefer twitch Penny 5")["before"] == 100
    shown = terminal.type_json("claims")["claims"][0]
    assert (shown["channel"], shown["name"], shown["priority"]) == ("853801474", "penny", 5)


def test_an_operator_says_which_channel_comes_first_and_that_is_on_record(
    address: str, terminal: Terminal, database: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    assert address
    Claims(database).populate("twitch", ["1001", "1002"])

    told = terminal.type("claims prefer twitch 1002 10")
    assert told.startswith("twitch 1002 has priority 10 now, 100 before.\n")
    assert "already" in terminal.type("claims prefer twitch 1002 10")
    shown = terminal.type_json("claims")["claims"]
    assert [(one["channel"], one["priority"]) for one in shown] == [("1002", 10), ("1001", 100)]
    assert "priority 10" in terminal.type("claims")
    [change] = terminal.type_json("audit")["changes"]
    assert (change["action"], change["about"]) == ("prefer channel", "twitch 1002")
    assert (change["before"], change["after"]) == ({"priority": 100}, {"priority": 10})
    assert terminal.type_json("claims prefer twitch 1002 usual")["before"] == 10

    with database.writer() as connection:
        Places(Edit(connection)).open(EntityId("twitch:channel:1002"), login="penny")
    assert terminal.type_json("claims prefer twitch Penny 5")["before"] == 100
    assert terminal.type_json("claims")["claims"][0]["priority"] == 5
    with pytest.raises(SystemExit, match="2"):
        terminal.type("claims prefer twitch 1002 soon")
    assert "'soon' is no whole number, and not 'usual'" in capsys.readouterr().err
    terminal.type("claims prefer twitch 1009 10")
    assert terminal.err == "No gateway knows twitch 1009. What there is: waddlebot claims\n"
    terminal.type("claims prefer twitch 1001 0")
    assert terminal.err == "'priority' is 1 to 1,000; the lowest comes first.\n"


def test_a_table_of_the_specification_is_shown_with_its_columns(
    address: str, terminal: Terminal, database: Postgres
) -> None:
    assert address
    Claims(database).populate("twitch", ["1001", "1002"])

    told = terminal.type("tables coordination --most 1")
    assert "channel_id" in told
    assert "1 row of coordination." in told
    [row] = terminal.type_json("tables coordination --most 1")["rows"]
    assert f"More: waddlebot tables coordination --after {row['id']}" in told
    [other] = terminal.type_json(f"tables coordination --after {row['id']}")["rows"]
    assert {row["channel_id"], other["channel_id"]} == {"1001", "1002"}


def test_what_a_setting_names_no_more_is_not_told_once_nobody_holds_it(
    address: str, terminal: Terminal, database: Postgres
) -> None:
    assert address
    held = Claims(database)
    held.populate("discord", ["shard 0 of 2", "shard 1 of 2"])
    held.populate("twitch", ["1"])
    held.take("old:8:y", [Claimable(platform="discord", channel="shard 1 of 2")], alive=[])

    held.populate("discord", ["shard 0 of 1"])

    told = terminal.type_json("claims")["claims"]
    assert [one["channel"] for one in told] == ["shard 0 of 1", "shard 1 of 2", "1"]


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


def test_the_local_platform_is_found_with_its_key(
    address: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WADDLEBOT_URL", "")
    monkeypatch.setenv("WADDLEBOT_API_KEY", "")
    (tmp_path / "address").write_text(f"{address}\n")
    (tmp_path / "dev.env").write_text("# For calls\nWADDLEBOT_API_KEY=key-admin\n")

    assert terminal.type("dlq list") == "No dead letters, no replies in doubt.\n"
    terminal.type(f"dlq list --url {address}")

    assert terminal.code == 1, "the local key goes nowhere else"
    assert terminal.err.startswith("A key is missing: set WADDLEBOT_API_KEY")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("", "A key is missing: set WADDLEBOT_API_KEY"),
        ("wrong", "{address} does not know this key. Check WADDLEBOT_API_KEY."),
        ("key-collector", "This needs a key with the scope 'admin'."),
    ],
)
def test_a_key_that_does_not_fit_is_said(
    address: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, key: str, said: str
) -> None:
    monkeypatch.setenv("WADDLEBOT_API_KEY", key)

    terminal.type("dlq drop 0-1-0")

    assert terminal.code == 1
    assert terminal.err.startswith(said.format(address=address))


@pytest.mark.parametrize("line", ["dlq list", "dlq drop 0-1-0", "streams", "explain twitch:1"])
def test_where_nobody_answers_one_sentence_says_what_to_do(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setenv("WADDLEBOT_API_KEY", "any")

    terminal.type(line)

    assert terminal.code == 1
    assert terminal.err.startswith("Nobody answers at http://127.0.0.1:1. Start the platform")


@pytest.mark.parametrize("line", ["dlq replay", "dlq drop 0-1-0 --all", "dlq", "dlq list --kind x"])
def test_what_is_not_understood_is_exit_code_2(terminal: Terminal, line: str) -> None:
    with pytest.raises(SystemExit) as ended:
        terminal.type(line)

    assert ended.value.code == 2


class Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody on, and remembers nothing."""

    def do_GET(self) -> None:
        answers = {"/moved": (302, b""), "/page": (200, b"<html>"), "/list": (200, b"[]")}
        status, body = answers[self.path.partition("/api")[0]]
        self.send_response(status)
        self.send_header("location", "http://127.0.0.1:1/")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.mark.parametrize("path", ["/moved", "/page", "/list"])
def test_another_server_is_recognized_and_the_key_not_sent_on(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("WADDLEBOT_API_KEY", "any")
    with listening(Elsewhere) as url:
        terminal.type(f"streams --url {url}{path}")

    assert terminal.code == 1
    assert terminal.err.startswith(f"Something else than WaddleBot answers at {url}{path}")


def test_a_key_is_shown_once_and_its_story_stays(address: str, terminal: Terminal) -> None:
    assert address
    words, key = terminal.type("keys make overlay --kind module --days 30").splitlines()
    assert "overlay" in words
    assert key.startswith("wbot_")
    row = next(line for line in terminal.type("keys list").splitlines() if " overlay " in line)
    assert key not in terminal.out
    assert f"{key[:9]}…" in row
    assert "never" in row  # used
    assert terminal.type_json("keys rotate overlay --overlap-hours 2")["old_ends_in_hours"] == 2
    old = row.split()[0]
    assert "within a minute" in terminal.type(f"keys revoke {old}")
    terminal.type(f"keys revoke {old}")
    assert (terminal.code, "already revoked" in terminal.err) == (1, True)

    head, *rows = terminal.type("audit").splitlines()
    assert head.startswith("WHEN")
    assert [" ".join(row.split()[3:7]) for row in rows] == [
        "account-admin revoke key overlay",
        "account-admin rotate key overlay",
        "account-admin make key overlay",
    ]
    assert len(terminal.type_json("audit --most 1")["changes"]) == 1


def test_nothing_was_changed_yet(address: str, terminal: Terminal) -> None:
    assert address
    assert terminal.type("audit") == "Nothing was changed yet.\n"


def test_a_rule_is_undone_and_what_it_deleted_is_listed(
    address: str, terminal: Terminal, database: Postgres, versions: Versions, streams: redis.Redis
) -> None:
    assert address
    assert streams
    with editing(database, versions) as edit:
        community = Places(edit).open(TWITCH)
        rule = StringRules(edit).add(
            community,
            match_type=MatchType.CONTAINS,
            pattern="casino",
            action=RuleAction.BLOCK,
            by="twitch:max",
            timeout_seconds=600,
        )
    said = terminal.type(f"rules undo {rule.id} --dry-run").splitlines()
    assert said == [
        f"rule {rule.id}: contains “casino”, block for 10 min ({TWITCH})",
        "0 hits in the last 24 h.",
        "Would be done: the rule off, and 0 people may write again.",
    ]
    assert "The rule is off." in terminal.type(f"rules undo {rule.id}")
    assert "was off already" in terminal.type(f"rules undo {rule.id}")
    assert terminal.type_json(f"rules undo {rule.id}")["was_on"] is False
    terminal.type("rules undo 99999")
    assert (terminal.code, terminal.err.strip()) == (1, "There is no rule 99999.")
