"""Whoever reads behind a pipe has had enough: `waddlebot … | head` ends without a word."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

CLOSED = 141
"""As the shell counts a program that a closed pipe ended."""


def quietly(do: Callable[[], int]) -> int:
    """What it returns; 141 where nobody reads what it says any more."""
    try:
        try:
            return do()
        finally:
            # Else the interpreter finds out when it ends, and complains.
            sys.stdout.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
        return CLOSED
