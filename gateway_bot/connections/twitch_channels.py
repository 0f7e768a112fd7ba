"""The channels of Twitch that this process carries: claims bring them and take them away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

Tell = Callable[[str, str], Awaitable[None]]
"""Of a channel, a sentence for the operator, or nothing where all is well."""


@dataclass(slots=True)
class HeldChannels:
    """Channels as the operator named them, by login or user id; `changed` is set for the reader.

    `left` are user ids of channels where the bot is not let in any more, whoever carried them.
    """

    channels: dict[str, None] = field(default_factory=dict)
    left: Collection[str] = ()
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self, channel: str) -> None:
        """Until it is cancelled: then somebody else carries the channel."""
        self.channels[channel] = None
        self.changed.set()
        try:
            await asyncio.Event().wait()
        finally:
            del self.channels[channel]
            self.changed.set()

    def leave(self, channels: Collection[str]) -> None:
        self.left = channels
        self.changed.set()

    async def tell_refused(self, token_name: str, tell: Tell) -> None:
        for channel in list(self.channels):
            await tell(channel, refused_words(token_name))


def refused_words(token_name: str) -> str:
    return (
        f"Twitch refuses {token_name}, so nobody hears this channel: set a current one and start "
        "the gateway anew. It is tried again every few minutes."
    )
