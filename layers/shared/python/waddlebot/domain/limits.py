"""How often commands may be used, as a community set it (spec, "Rate Limiting")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from waddlebot.domain.entities import EntityId
from waddlebot_sdk.roles import Role

NEVER_LIMITED = "privacy"
"""The module whose commands no community limits, nor counts together with others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `calls` within any `seconds`; 0 calls: as often as one likes.

    `command` is a command's id (`!quote`), or empty for all commands counted as one.
    `together` counts all people of a place as one, else each has a count of their own.
    It is for `role` and those above it, and for every place unless `entity` names one.
    """

    command: str
    calls: int
    seconds: int
    together: bool = False
    role: Role = Role.USER
    entity: EntityId | None = None


def closest_limit(
    limits: Iterable[Limit], *, command: str, together: bool, role: Role, entity: EntityId
) -> Limit | None:
    """The one that holds: the highest role's, then the place's own before the community's."""
    fitting = [
        limit
        for limit in limits
        if limit.command == command
        and limit.together == together
        and role.covers(limit.role)
        and limit.entity in {None, entity}
    ]
    return max(fitting, key=lambda limit: (limit.role.rank, limit.entity is not None), default=None)
