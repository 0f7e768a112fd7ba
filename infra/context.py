"""`-c NAME=VALUE`: which names there are. One that is misspelled would be left out in silence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from gateway_bot.declaration import GATEWAY
from infra.edge.domain import OF_DOMAIN
from waddlebot.domain.stages import wrong_stage
from waddlebot.domain.yes_or_no import read_yes_or_no

NUMBERS = "concurrency", "partitions"
SWITCHES = "twitch_bot_is_moderator", "twitch_bot_is_verified"
ALARMS = "alarms"
MAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
NAMES = (
    *("profile", "stage", "login", *OF_DOMAIN, "gateway_image", ALARMS),
    *NUMBERS,
    *(name.lower() for name in GATEWAY.settings),
)
MAY_BE_EMPTY = frozenset((*OF_DOMAIN, ALARMS, *(name.lower() for name in GATEWAY.settings)))
"""Said without a value it is given up, or as usual, or has a sentence of its own; any other would
be what nobody meant.
"""
LIKE_OURS = re.compile(r"\w+")
"""Those of the CDK itself have other signs in them: `aws:cdk:…`, `@aws-cdk/…`, `tree-metadata`."""
MOST = 100_000


class ContextWrong(Exception):
    """The sentence says what is told wrongly."""


def check_context(context: Mapping[str, object]) -> None:
    """Raises ContextWrong."""
    _check_names(context)
    if problem := wrong_stage(str(context.get("stage") or "dev")):
        raise ContextWrong(problem)
    for name, value in _given(context, [ALARMS]):
        if not MAIL.fullmatch(value[:255]):
            raise ContextWrong(
                f"{name} is the e-mail address that alarms call, such as ops@example.org, not "
                f"'{value[:80]}'."
            )
    for name, value in _given(context, SWITCHES):
        if value and read_yes_or_no(value) is None:
            raise ContextWrong(f"{name} is yes or no, not '{value[:80]}'.")
    for name, value in _given(context, NUMBERS):
        if not value.isascii() or not value.isdecimal() or not 0 < int(value[:9]) <= MOST:
            raise ContextWrong(f"{name} is a whole number from 1 to {MOST}, not '{value[:80]}'.")


def _check_names(context: Mapping[str, object]) -> None:
    for name, value in context.items():
        if LIKE_OURS.fullmatch(name) and name not in NAMES:
            raise ContextWrong(_unknown(name))
        if name in NAMES and name not in MAY_BE_EMPTY and not str(value).strip():
            raise ContextWrong(f"{name} is told without a value: say {name}=…, or leave it out.")


def _given(context: Mapping[str, object], names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, str(context[name])) for name in names if name in context]


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), NAMES, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(NAMES)}."
    return f"No stack reads '{name[:80]}'. {hint}"
