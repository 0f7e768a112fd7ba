"""The page at `/`: three chats side by side, what the stream shows, and why the bot did it."""

from local.playground.app import Playground
from local.playground.breakers import Breaker

__all__ = ["Breaker", "Playground"]
