"""What connecting a platform takes, in words for whoever does it, and whether it is so.

Each platform has a file `connecting.py` with `steps` and `check`; what the bot needs to be allowed
stands there once, and the code that uses it takes it from there.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass

from waddlebot.domain.public_addresses import PublicAddress
from waddlebot.platforms.delivering import HttpAnswer, HttpCall

Variables = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectingStep:
    """One thing to do; `copy` is what to paste there, whole."""

    do: str
    copy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """`what` is a fact that was found; `do` says what helps where it is not as it should be."""

    what: str
    is_well: bool = True
    do: str = ""


Checking = Generator[HttpCall, HttpAnswer, list[Check]]
"""Yields calls of the platform's API and is sent their answers; status 0 is no answer."""


def missing(variables: Variables, names: Mapping[str, str]) -> list[Check]:
    """Of variables by name, with where each is found."""
    return [
        Check(what=f"{name} is not set", is_well=False, do=where)
        for name, where in names.items()
        if not variables.get(name)
    ]


def no_answer(platform: str, answer: HttpAnswer) -> Check:
    what = f"{platform} did not answer" if not answer.status else f"{platform}: {answer.status}"
    return Check(what=what, is_well=False, do="Try again in a while.")


def public_door(public: PublicAddress, platform: str) -> str:
    """Where the platform's webhooks come in, or nothing where it cannot reach us."""
    return public.at(f"/webhooks/{platform}") if public.is_encrypted else ""
