"""Who somebody is on a platform, as an id of its own kind."""

from __future__ import annotations

from typing import NamedTuple


class Account(NamedTuple):
    """Somebody, or a channel, on one platform: `user_id` is the platform's own."""

    platform: str
    user_id: str

    @classmethod
    def read(cls, key: str) -> Account:
        """As `key` writes it."""
        platform, _, user = key.partition(":")
        return cls(platform, user)

    @property
    def key(self) -> str:
        """As it stands in keys, in labels and in the audit log: `twitch:1001`."""
        return f"{self.platform}:{self.user_id}"
