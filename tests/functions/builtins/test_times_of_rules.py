"""How long a rule keeps somebody from writing, as people type it."""

from __future__ import annotations

import pytest

from functions.builtins.wanted_rules import read_wanted
from waddlebot_sdk import NotUnderstood


@pytest.mark.parametrize(
    ("typed", "seconds", "say"),
    [
        ("zzz block 10 minutes", 600, ""),
        ("zzz block for 10m No adverts", 600, "No adverts"),
        ("zzz block 1h30 No adverts", 5400, "No adverts"),
        ("zzz block No adverts", 0, "No adverts"),
        ('zzz block "90 adverts are too many"', 0, "90 adverts are too many"),
        ('zzz block 10m "90 adverts are too many"', 600, "90 adverts are too many"),
        ('zzz block "half an hour" No adverts', 1800, "No adverts"),
    ],
)
def test_a_time_is_read_as_people_type_it(typed: str, seconds: int, say: str) -> None:
    wanted = read_wanted(typed)
    assert (wanted.pattern, wanted.timeout_seconds, wanted.more) == ("zzz", seconds, say)


@pytest.mark.parametrize(
    "typed",
    [
        *("zzz block 10:99 no", "zzz block 90 adverts", "zzz block 10m 5m no", "zzz block forever"),
        *("zzz warn 10 minutes", "zzz warn 90 adverts", "zzz 10m", "zzz half an hour block"),
        *("zzz block tomorrow 9:00", "zzz block until 24 dec"),
    ],
)
def test_what_looks_like_a_time_and_is_none_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read_wanted(typed)


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("room 101 block", "room 101"),
        ('"in 10 minutes" block', "in 10 minutes"),
        ('"zzz ban"', "zzz ban"),
        ("ban block", "ban"),
        ("10m block", "10m"),
        ('"zzz delete" block', "zzz delete"),
        ("zzz block ban him", "zzz"),
        ("remove my account block", "remove my account"),
    ],
)
def test_a_pattern_may_be_an_action_or_a_time(typed: str, pattern: str) -> None:
    assert read_wanted(typed).pattern == pattern


@pytest.mark.parametrize(
    "action",
    ["ban", "DELETE", "kick", "mute", "timeout 10m", "remove", "reply No adverts", "ban block"],
)
def test_what_other_bots_call_an_action_is_no_part_of_a_pattern(action: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        read_wanted(f"free nitro {action}")
    word = action.split(maxsplit=1)[0].lower()
    assert f"no action '{word}'" in refused.value.say
    assert f'"free nitro {word}" block' in refused.value.say


@pytest.mark.parametrize("action", ["blok", "bloc", "Blocks", "webhok", "comand"])
def test_a_slip_of_an_action_is_no_part_of_a_pattern(action: str) -> None:
    with pytest.raises(NotUnderstood, match="Did you mean"):
        read_wanted(f"free nitro {action}")
    assert read_wanted(f'"free nitro {action}"').pattern == f"free nitro {action}"


def test_nothing_follows_the_address_of_a_webhook() -> None:
    with pytest.raises(NotUnderstood, match=r"Nothing follows the address of a webhook.*'warn'"):
        read_wanted("zzz webhook https://hooks.example.com/h warn hello")
    alone = read_wanted('zzz webhook "https://hooks.example.com/h"')
    assert alone.more == "https://hooks.example.com/h"
