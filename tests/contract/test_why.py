"""`why` speaks to people: no reason codes, names of stages, ids or words with underscores."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from functions.catalogue import builtin_modules, lambda_modules
from tests.helpers.events_and_commands import a_rule, a_rule_trigger, a_session
from waddlebot.domain import sayings
from waddlebot.domain.bounds import bound_of_deliveries, bound_of_offers
from waddlebot.domain.entities import EntityId
from waddlebot.domain.executions import Status
from waddlebot.domain.limits import Limit
from waddlebot.domain.triggers import FIRST_CONTACT, MISTYPED, UNKNOWN
from waddlebot.domain.verdicts import Reason
from waddlebot_sdk.own_words import MARK
from waddlebot_sdk.roles import Role

_PLAIN = {Reason.QUIET, Reason.ROLE}
"""Words that people use too: "I am quiet"."""
_STAGES = "recognise|match|matched|judge|verdict|execute|execution|conclude|hand over|record|shadow"
_INTERNAL = re.compile(
    r"\w_\w"  # our own names
    r"|\b\w+:\w+:"  # ids of places and listeners
    r"|\brule:\d"
    r"|\b(?:sess|api|wbk)_"
    r"|\b(?:trigger|session|listener|entity|event|receipt|destination|builtin|lambda)\b"
    rf"|\b(?:{_STAGES})\b"
    rf"|\b(?:{'|'.join(sorted(set(Reason) - _PLAIN))})\b",
    re.IGNORECASE,
)
_HERE = EntityId("discord:channel:10/20")


def _without_names(said: str) -> str:
    """People type `!event`; what is called so inside is another thing."""
    return re.sub(rf"{MARK}!\w+", "", said)


def recorded_names() -> list[str]:
    """All that is recorded as what fired."""
    modules = [*lambda_modules(), *builtin_modules()]
    typed = {f"{one.prefix}{command.path}" for one in modules for command in one.commands}
    heard = {f"{one.name}:on:{listener.event_type}" for one in modules for listener in one.listens}
    return sorted({*typed, *heard, "rule:3", "memories:on:gift_subscription"})


def a_row(**fields: Any) -> dict[str, Any]:
    row = {
        "execution_id": "ab3dEFGH",
        "session_id": "sess_1",
        "module": "memories",
        "command": "!quote",
        "needed_role": "moderator",
        "role": "user",
        "reason": "allowed",
        "decided_by": "",
        "wait_seconds": 4.0,
        "status": None,
    }
    return {**row, **fields}


def limits() -> list[str]:
    own = Limit(command="!quote", calls=3, seconds=60, entity=_HERE, role=Role.MODERATOR)
    deliveries = bound_of_deliveries(a_rule_trigger(a_rule())).limit
    offers = bound_of_offers(a_session()).limit
    return [sayings.describe_limit(one) for one in (own, deliveries, offers)]


@pytest.mark.parametrize("reason", [*Reason, "invented_since"])
def test_no_internal_word_stands_in_a_sentence_of_why(reason: str) -> None:
    deciding = ["", "moderator", *recorded_names(), *limits()]
    pairs = [*((one, "") for one in recorded_names()), *(("!quote", by) for by in deciding)]
    for (command, by), role in itertools.product(pairs, (*Role, None)):
        row = a_row(command=command, reason=reason, decided_by=by, role=role)
        said = sayings.explain_row(row, person="Ana")
        assert not _INTERNAL.search(_without_names(said)), (row, said)
        assert said.endswith(".")


@pytest.mark.parametrize("status", [*Status, None])
def test_no_internal_word_stands_in_what_became_of_a_call(status: str | None) -> None:
    for command in recorded_names():
        said = sayings.explain_row(a_row(command=command, status=status), person="Ana")
        assert not _INTERNAL.search(_without_names(said).replace("(ref AB3D)", "")), said


def test_what_listens_is_called_by_what_people_see_of_it() -> None:
    assert {sayings.named_by(f"help:on:{one}") for one in (FIRST_CONTACT, MISTYPED, UNKNOWN)} == {
        "My greeting",
        "My hint at a near command",
        "My answer to what is no command",
    }
    assert sayings.named_by("memories:on:raid") == "memories"
