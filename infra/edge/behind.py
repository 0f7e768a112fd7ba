"""What functions have where a house has a domain: a door before their own, and its keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from functions.declaration import Function, HttpRoute, SocketRoute
from infra.edge.domain import EdgeDomain
from infra.secrets_of_house import Readers
from infra.surroundings import Workload, process_of
from waddlebot.runtime.needs import Secret
from waddlebot.runtime.origin_door import BEHIND, HANDLER, ORIGIN_KEYS


def is_reached(function: Function) -> bool:
    """By people and platforms, through a gateway."""
    return any(isinstance(door, HttpRoute | SocketRoute) for door in function.doors)


def behind_edge(function: Function, domain: EdgeDomain | None) -> Workload:
    """With the keys that a door of it is told at the deploy."""
    process = process_of(function)
    if domain is None or not is_reached(function):
        return process
    keys = {Secret(variable=one) for one in ORIGIN_KEYS}
    return replace(process, needs=process.needs | keys, told=process.told | {*ORIGIN_KEYS})


def handler_of(function: Function, domain: EdgeDomain | None) -> tuple[str, Mapping[str, str]]:
    """Its handler, and the variable that leads on."""
    if domain is None or not is_reached(function):
        return function.handler, {}
    return HANDLER, {BEHIND: function.handler}


def keys_and_readers(rows: Iterable[Function]) -> Mapping[str, Readers]:
    """By variable."""
    names = sorted(row.name for row in rows if is_reached(row))
    return {one: Readers(names=names, at_deploy=names) for one in ORIGIN_KEYS}
