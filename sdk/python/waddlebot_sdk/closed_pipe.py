"""Whoever reads behind a pipe has had enough: `waddlebot … | head` ends without a word."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from typing import TextIO

CLOSED = 141
"""As the shell counts a program that a closed pipe ended."""
_FAILED = 1


def quietly(do: Callable[[], int]) -> int:
    """What it returns; 141 where nobody reads what it says any more.

    Any other pipe or connection that breaks is a failure, and told as one: 1.
    """
    try:
        try:
            return do()
        finally:
            # Else the interpreter finds out when it ends, and complains.
            for stream in _said_to():
                stream.flush()
    except BrokenPipeError as broken:
        if any(map(_has_no_reader, _said_to())):
            _say_nothing_more()
            return CLOSED
        print(f"Somebody else ended the connection: {broken}. Try again.", file=sys.stderr)
        return _FAILED


def _said_to() -> list[TextIO]:
    """A program that was started without one of them has None there."""
    return [stream for stream in (sys.stdout, sys.stderr) if stream is not None]


def _has_no_reader(stream: TextIO) -> bool:
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # no stream of the system's, or closed by now
        return False
    if not hasattr(select, "poll"):  # Windows does not tell
        return True
    look = select.poll()
    look.register(descriptor, 0)
    return any(told & (select.POLLERR | select.POLLHUP) for _, told in look.poll(0))


def _say_nothing_more() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in _said_to():
        os.dup2(nowhere, stream.fileno())
