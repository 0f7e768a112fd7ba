"""What a person may do in a community; the order is the right."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        return _RANKS[self]

    def covers(self, needed: Role) -> bool:
        """Roles are inherited downward: an owner may do what a moderator may."""
        return self.rank >= needed.rank


_RANKS = {role: rank for rank, role in enumerate(Role)}


def highest(*roles: Role) -> Role:
    return max(roles, key=lambda role: role.rank)
