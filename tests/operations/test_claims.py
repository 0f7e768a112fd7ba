"""Who carries which channel, and which comes first."""

from __future__ import annotations

import pytest
import redis

from tests.helpers.terminal import Terminal, address, terminal
from waddlebot.domain.entities import EntityId
from waddlebot.stores import keys
from waddlebot.stores.claims import Claimable, Claims, Live
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit

__all__ = ["address", "terminal"]


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
