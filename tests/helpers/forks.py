"""Processes that may die, forked from one that has read what they need.

A fork costs hundredths of a second of the processor; an interpreter that reads the house, half of
one.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

SECONDS = 120.0
"""What a process may take, on a busy machine."""

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.helpers.jukebox", "functions.router.slow_handler"])


def fork(act: Callable[..., object], *given: object, **environment: str) -> BaseProcess:
    """Begins `act`, a function of a module, with the environment of now and this one."""
    process = _forks.Process(
        target=_carry_out, args=(act, given, {**os.environ, **environment}), daemon=True
    )
    process.start()
    return process


def answer_of(act: Callable[..., object], *given: object, **environment: str) -> tuple[int, Any]:
    """Its exit code, less than 0 where a signal ended it, and what it has sent, or None.

    `act` is given somewhere to send to, a `Connection`, before all else.
    """
    here, there = _forks.Pipe(duplex=False)
    process = fork(act, there, *given, **environment)
    there.close()
    with here:
        answer = _received(here)
    return code_of(process), answer


def code_of(process: BaseProcess) -> int:
    """Its exit code, once it has ended."""
    process.join(SECONDS)
    assert process.exitcode is not None, "it did not end"
    return process.exitcode


def _received(connection: Connection) -> Any:
    assert connection.poll(SECONDS), "nothing came"
    try:
        return connection.recv()
    except EOFError:
        return None


def _carry_out(
    act: Callable[..., object], given: tuple[object, ...], environment: Mapping[str, str]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    act(*given)
