"""What a line mentions, as it is read where it was not written."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from waddlebot.platforms.mentions import Mentioned, mentions_in, without_marks
from waddlebot_sdk.shown import show_time

NOW = datetime(2026, 11, 28, 20, tzinfo=UTC)
KNOWN = Mentioned(
    names={
        ("discord", "301"): "Max",
        ("discord", "5"): "Mods",
        ("discord", "9"): "general",
        ("slack", "U1"): "Ana B.",
        ("slack", "C1"): "random",
    }
)


def said(text: str, on: str) -> str:
    return KNOWN.said(text, on=on, now=NOW, zone="UTC")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@301>", "@Max"),
        ("<@!301>", "@Max"),
        ("<@302>", "@somebody"),
        ("<@&5>", "@Mods"),
        ("<@&6>", "@a role"),
        ("<#9>", "#general"),
        ("<#8>", "#a channel"),
        ("<:kappa:7>", ":kappa:"),
        ("<a:wave:7>", ":wave:"),
        ("</quote:7>", "/quote"),
        ("<@U1>", "@Ana B."),
        ("<@U9|max>", "@max"),
        ("<#C1|>", "#random"),
        ("<#C9|weather>", "#weather"),
        ("<!subteam^S1>", "@a group"),
    ],
)
def test_a_mark_is_a_name_wherever_its_program_is_not_read(written: str, read: str) -> None:
    assert said(f"ask {written}, please", "twitch") == f"ask {read}, please"
    home = "slack" if {"U", "C", "S"} & set(written) else "discord"
    away = "discord" if home == "slack" else "slack"
    assert said(written, away) == read


@pytest.mark.parametrize("mark", ["<@301>", "<@302>", "<@&5>", "<#9>", "<:kappa:7>", "</quote:7>"])
def test_discord_shows_its_own(mark: str) -> None:
    assert said(mark, "discord") == mark


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<@301> <@302>", "@Max <@302>"),
        ("<t:1795888800:R>", "Sat 28 Nov 2026, 18:00 (UTC)"),
        ("<t:99999999999>", None),
        ("<!subteam^S1|@mods>", "@mods"),
        ("<!subteam^S1>", "<!subteam^S1>"),
        ("<!date^1^{ago}|yesterday>", "yesterday"),
        ("<https://a.example/x|here>", "here (https://a.example/x)"),
        ("<https://a.example/x>", "<https://a.example/x>"),
        ("1 < 2 > 0 <b> <@> <#> <::> <t:x>", "1 < 2 > 0 <b> <@> <#> <::> <t:x>"),
    ],
)
def test_what_is_kept_has_what_is_known_and_else_the_id(written: str, kept: str | None) -> None:
    found = written
    for mark, words in KNOWN.kept(written, now=NOW, zone="UTC").items():
        found = found.replace(mark, words)
    assert kept is None or found == kept


def test_a_time_of_ours_stays_what_it_is() -> None:
    assert without_marks(show_time(NOW), now=NOW) == show_time(NOW)


@pytest.mark.parametrize(
    "piece", ["<@", "<@U1|", "<#C1|a", "<https://a|", "<:a", "<t:1", "<!date^"]
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.thread_time()
    list(mentions_in(piece * 10_000))
    assert time.thread_time() - began < 1
