"""What connections ask while somebody types, where no HTTP answer waits for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from waddlebot.domain.completions import Completing
from waddlebot_sdk.completions import Choice

Complete = Callable[[Completing], Awaitable[Sequence[Choice]]]
"""What the router offers. Raises Unavailable: it does not know in time."""


async def nothing_offered(_asked: Completing) -> Sequence[Choice]:
    return ()
