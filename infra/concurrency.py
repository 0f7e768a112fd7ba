"""How many of each function may run at once: together they never take all of the database.

An environment of Lambda keeps one connection a server as long as it lives, so what runs at once is
what is connected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from functions.declaration import Function
from infra.profiles import Profile
from waddlebot.runtime.needs import Need

DATABASE_SHARE = 0.8
NEW_ACCOUNT = 10
"""What a new account is granted at once: then there is nothing to share out."""
USUAL_ACCOUNT = 1_000
UNRESERVED = 100
"""Lambda lets nobody reserve the last hundred."""
TASKS_AT_ONCE = 2
"""A deployment of the gateways starts as many beside those that run; each keeps a connection."""


class TooFewConnections(Exception):
    """The sentence says which number to change."""


def connections_of(function: Function, profile: Profile) -> int:
    """With the writer, of one environment; without replicas it is read from as well."""
    reads_there = Need.REPLICA in function.needs and not profile.database.replicas
    return (Need.WRITER in function.needs) + reads_there


def budget_of(profile: Profile) -> int:
    """Connections that functions may take."""
    gateways = profile.gateways.most * TASKS_AT_ONCE
    return int(profile.database.max_connections * DATABASE_SHARE) - gateways


def reservations(profile: Profile, functions: Iterable[Function]) -> Mapping[str, int]:
    """By function, of those with a need of the database; none where the account grants so little
    that all of it fits. Each gets its share by what it declares; in an account that was granted
    more than usual that grows with the database.

    Raises TooFewConnections.
    """
    counted = {
        function: connections
        for function in functions
        if (connections := connections_of(function, profile))
    }
    budget, granted = budget_of(profile), profile.concurrency
    room = granted - UNRESERVED
    if granted <= NEW_ACCOUNT or room < len(counted):
        if granted * max(counted.values(), default=0) <= budget:
            return {}
        raise TooFewConnections(
            f"{granted} functions at once may take more than the {budget} connections that the "
            f"database of profile {profile.name} has for them, and an account with so few can "
            f"reserve none: ask AWS for 1000, or deploy with -c concurrency={NEW_ACCOUNT}."
        )
    wanted = sum(one.concurrency * connections for one, connections in counted.items())
    scale = min(budget / wanted, room / sum(one.concurrency for one in counted))
    if granted <= USUAL_ACCOUNT:
        scale = min(scale, 1.0)
    shares = {one: max(1, int(one.concurrency * scale)) for one in counted}
    if sum(shares[one] * counted[one] for one in counted) > budget:
        raise TooFewConnections(
            f"Profile {profile.name} has {budget} connections to its database, fewer than it has "
            "functions that need one: take the next larger profile."
        )
    return {one.name: share for one, share in shares.items()}
