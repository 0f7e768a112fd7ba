"""Who is at the other end of a connection, asked of the kernel for this one and in its table."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from local import neighbours
from local.neighbours import Neighbour

# Another user, and whoever left at once: tests/journey/test_the_port.py.


@pytest.fixture(params=["127.0.0.1", "::1"])
def listener(request: pytest.FixtureRequest) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in request.param else socket.AF_INET
    with socket.create_server((request.param, 0), family=family) as listener:
        yield listener


def neighbour_of(accepted: socket.socket) -> Neighbour:
    return Neighbour(client=accepted.getpeername()[:2], server=accepted.getsockname()[:2])


def test_a_program_of_ours_is_known_both_ways(listener: socket.socket) -> None:
    with (
        socket.create_connection(listener.getsockname()[:2]) as caller,
        listener.accept()[0] as accepted,
    ):
        caller.shutdown(socket.SHUT_WR)  # it waits for an answer alone
        assert neighbour_of(accepted).is_ours
        assert neighbour_of(accepted)._is_ours_in_the_table()


def test_one_connection_is_asked_for_and_not_the_table_of_all(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "TABLES", ("this is no path",))
    with (
        socket.create_connection(listener.getsockname()[:2]),
        listener.accept()[0] as accepted,
    ):
        assert neighbour_of(accepted).is_ours


def test_who_has_left_is_nobody_of_ours(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()[:2]):
        accepted, _ = listener.accept()
        neighbour = neighbour_of(accepted)
    with accepted:
        assert not neighbour.is_ours


def test_where_nothing_is_told_loopback_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "TABLES", ())
    assert Neighbour(client=("127.0.0.1", 1), server=("127.0.0.1", 2)).is_ours
