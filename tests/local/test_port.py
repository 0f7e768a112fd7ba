from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from local.plane.ports import hold_port
from local.port import PortTaken, free_port, listen


def test_a_taken_port_names_the_process_and_another_port() -> None:
    port = free_port()
    name = psutil.Process().name()
    words = rf"Port {port} is taken by {name} \(process {os.getpid()}\)\. .* PORT={port + 1} make"
    with listen(port), pytest.raises(PortTaken, match=words):
        listen(port)


def test_no_outgoing_connection_takes_a_free_port_before_us() -> None:
    first_of_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert max(free_port() for _ in range(50)) < first_of_outgoing


def test_two_that_want_the_same_port_get_two() -> None:
    port = free_port()
    with ExitStack() as held:
        assert hold_port(port, held) == port
        assert hold_port(port, held) != port


def test_a_port_that_was_just_in_use_can_be_taken_at_once() -> None:
    port = free_port()
    with listen(port):
        pass
    listen(port).close()
