"""What reading a payload gives: an event of ours, or the right reaction to something else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

from waddlebot.domain.events import Event

if TYPE_CHECKING:  # hardly anything that is received is one
    from waddlebot.domain.completions import Completing


class Action(StrEnum):
    """What is right where there is no event."""

    PONG = "pong"
    CHALLENGE = "challenge"
    AUTOCOMPLETE = "autocomplete"
    OPTIONS = "options"
    PROTOCOL = "protocol"
    """Housekeeping of a connection: hello, welcome, heartbeats."""
    RECONNECT = "reconnect"
    RESUME = "resume"
    IDENTIFY = "identify"
    REVOCATION = "revocation"
    LIFECYCLE = "lifecycle"
    """The bot was added, removed, or lost a right."""
    IGNORE = "ignore"


class WebhookAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The HTTP answer to a webhook."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """Exactly one of `event` and `action` is set.

    `watched` may stand beside `action`: nobody is answered, but others read what it says, so rules
    look at it (an edited line); or somebody brought the bot, and is told what to do next.
    `answer` stands where the platform wants more than its usual acknowledgement.
    `completing` may stand beside `action`: somebody types, and is offered what may stand there.
    `facts` are what the payload says, in its own spelling: `user_id`, `channel_id`, `server_id`,
    `text`, and the event's data; also where no event comes of it.
    """

    event: Event | None = None
    watched: Event | None = None
    action: Action | None = None
    answer: WebhookAnswer | None = None
    completing: Completing | None = None
    facts: Mapping[str, Any] = msgspec.field(default_factory=dict)

    @property
    def routed(self) -> Event | None:
        """What goes to the router."""
        return self.event or self.watched


def without_event(
    action: Action, facts: Mapping[str, Any] | None = None, *, answer: WebhookAnswer | None = None
) -> Received:
    """`facts` go to the log."""
    return Received(action=action, answer=answer, facts=facts or {})
