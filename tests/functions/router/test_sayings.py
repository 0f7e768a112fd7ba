from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.events_and_commands import (
    a_command,
    a_listener,
    a_match,
    a_rule,
    a_rule_trigger,
    a_verdict,
)
from waddlebot.domain import rule_sayings, sayings
from waddlebot.domain.rule_presets import PRESETS
from waddlebot.domain.string_rules import MatchType, RuleAction
from waddlebot.domain.triggers import Trigger
from waddlebot.domain.verdicts import Reason
from waddlebot_sdk.own_words import in_usual_words
from waddlebot_sdk.roles import Role


@pytest.mark.parametrize("reason", sorted(set(Reason) - {Reason.ALLOWED}))
def test_every_refusal_has_its_sentences(reason: Reason) -> None:
    refused = sayings.say_refusal(a_verdict(a_match(a_command("quote")), reason, wait_seconds=4))
    explained = sayings.explain(reason, what="!quote", person="Ana", role=Role.USER)
    for sentence in (refused, explained):
        assert sentence.startswith(("!quote ", "That was", "I am quiet"))
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("trigger", "name"),
    [
        (a_command("memories quote", canonical="quote"), "!memories quote"),
        (a_rule_trigger(a_rule(id=3)), "rule 3"),
        (a_listener("raid"), "memories"),
    ],
)
def test_a_trigger_is_called_by_the_name_that_people_know(trigger: Trigger, name: str) -> None:
    assert sayings.name_of(trigger) == name


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (3.1, "4 s"), (119, "119 s"), (150, "3 min")]
)
def test_a_wait_is_rounded_up(seconds: float, words: str) -> None:
    assert sayings.a_while(seconds) == words


def test_a_rule_is_described_with_what_it_does() -> None:
    rule = a_rule("any quotes", MatchType.WORD, RuleAction.COMMAND, id=7, command="!quote")
    assert rule_sayings.describe_rule(rule) == "rule 7 (word “any quotes”)"
    told = in_usual_words(rule_sayings.describe_rule_fully(rule))
    assert told == "rule 7: word “any quotes”, command !quote"
    assert len(rule_sayings.describe_rule(a_rule("x" * 500))) < 100


def test_a_rule_of_a_preset_goes_by_its_name() -> None:
    for name, preset in PRESETS.items():
        for pattern in preset.patterns:
            rule = a_rule(pattern, MatchType.REGEX, RuleAction.BLOCK, id=7)
            assert rule_sayings.describe_rule(rule) == f"rule 7 (the preset {name})"
            assert rule_sayings.describe_rule_fully(rule) == f"rule 7: the preset {name}, block"
            assert f"of the preset {name}," in rule_sayings.held_back(rule)
    written = a_rule(pattern, MatchType.WORD, RuleAction.BLOCK, id=7)
    assert "preset" not in rule_sayings.describe_rule(written)


def a_row(**fields: Any) -> dict[str, Any]:
    row = {
        "execution_id": "ab3dEFGH",
        "module": "memories",
        "command": "!quote",
        "needed_role": "user",
        "role": "user",
        "reason": "allowed",
        "decided_by": "",
        "wait_seconds": 0.0,
        "status": "success",
    }
    return {**row, **fields}


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (a_row(), "!quote ran."),
        (a_row(decided_by="rule 3"), "!quote ran because of rule 3."),
        (a_row(status="failed"), "!quote ran, but it failed. (ref AB3D)"),
        (a_row(command="rule:3", module="moderation"), "rule 3 ran."),
        (a_row(command="memories:on:raid"), "memories ran."),
        (
            a_row(reason="role", needed_role="moderator", role="admin", status=None),
            "!quote is for moderators; Ana is an admin here.",
        ),
        (
            a_row(reason="role", needed_role="moderator", role=None, status=None),
            "!quote is for moderators; Ana is nobody I know here.",
        ),
        (
            a_row(reason="exempt", command="rule:3", decided_by="moderator", status=None),
            "rule 3 did not run: rules do not act on moderators.",
        ),
    ],
)
def test_a_recorded_verdict_is_told_in_words(row: dict[str, Any], sentence: str) -> None:
    assert in_usual_words(sayings.explain_row(row, person="Ana")) == sentence
