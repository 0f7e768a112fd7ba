"""Work of somebody else's that ends when its time is over, while there is time to say so."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(BaseException):
    """Raised inside the work, wherever it stands.

    No Exception: work that goes on whatever fails, as libraries do, is ended all the same.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it took longer than {seconds:g} s")
        self.seconds = seconds


@contextmanager
def no_longer_than(seconds: float) -> Iterator[None]:
    """Raises TookTooLong, also where the work itself caught it and went on to its end.

    Lambda runs a handler in the main thread; elsewhere there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    late = TookTooLong(seconds)
    is_late = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal is_late
        is_late = True
        raise late

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
        if is_late:
            raise late
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
