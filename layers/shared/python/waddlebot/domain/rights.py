"""What follows from roles, wherever they are asked about: in chat, by the API, in a text."""

from __future__ import annotations

from waddlebot_sdk.roles import Role


def may_give(giver: Role, role: Role) -> bool:
    """An owner may give, and take, all roles; others what is below their own."""
    return giver is Role.OWNER or giver.rank > role.rank


def may_need(declared: Role, role: Role) -> bool:
    """Whether a community may ask for `role`: what a module leaves to admins stays with them."""
    return not declared.covers(Role.ADMIN) or role.covers(declared)
