"""What a platform's files bring to the road of its webhook: types, which no cold start loads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from waddlebot.domain.events import Event
from waddlebot.domain.replies import Reply
from waddlebot.platforms.received import Received, WebhookAnswer
from waddlebot_sdk.completions import Choice


class Verify(Protocol):
    def __call__(
        self, headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime
    ) -> None: ...


class Read(Protocol):
    def __call__(
        self, headers: Mapping[str, str], body: bytes, *, now: datetime, asked_until: datetime
    ) -> Received: ...


Unsigned = Callable[[Mapping[str, str], bytes], WebhookAnswer | None]
"""The answer to what a platform sends without a signature; nothing is done with it."""


Completed = Callable[[Sequence[Choice]], WebhookAnswer]
"""What is offered while somebody types, as this platform takes it."""


class Manners(Protocol):
    """How a platform is answered: its `render` file."""

    ACCEPTED: WebhookAnswer

    def inline(self, replies: Sequence[Reply], event: Event) -> WebhookAnswer: ...
    def deferred(self, event: Event) -> WebhookAnswer: ...
    def say(self, text: str) -> WebhookAnswer: ...
