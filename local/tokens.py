"""What each real platform says of the token it was given: asked at the start, and by doctor."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from local.real_platforms import real_platforms
from waddlebot.domain.public_addresses import public_address_in
from waddlebot.platforms.connecting import Check
from waddlebot.runtime.platform_calls import carry_out

ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTold:
    """`missing` are sentences of what else is not as it should be."""

    platform: str
    is_taken: bool
    words: str
    missing: Sequence[str] = ()


def ask_platforms(given: Mapping[str, str]) -> list[TokenTold]:
    """Every real platform, all at once. Never raises for what they answer or do not."""
    real = real_platforms(given)
    if not real:
        return []
    with ThreadPoolExecutor(max_workers=len(real)) as threads:
        return list(threads.map(lambda one: _ask(one[0], one[1], given), real.items()))


def _ask(platform: str, token: str, given: Mapping[str, str]) -> TokenTold:
    connecting: Any = importlib.import_module(f"waddlebot.platforms.{platform}.connecting")
    public = public_address_in(given)
    checks: Sequence[Check] = carry_out(connecting.check(given, public), ANSWER_SECONDS)
    good = [check.what for check in checks if check.is_well]
    wrong = [f"{check.what}. {check.do}" for check in checks if not check.is_well]
    taken = next((what for what in good if what.startswith(token)), "")
    if taken:
        return TokenTold(platform=platform, is_taken=True, words=f"real: {taken}", missing=wrong)
    # The last check is of what was asked, and did not go on.
    words = f"real, and not heard yet. {wrong[-1]}" if wrong else f"real: {token} is set"
    return TokenTold(platform=platform, is_taken=not wrong, words=words, missing=wrong[:-1])
