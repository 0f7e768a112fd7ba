"""How a call of another function ends badly, apart from invoke.py: knowing them loads no client.

Unavailable             it may have run; repeat only what is harmless twice
├── NotStarted          it surely did not run: throttled, refused, no network
├── TimedOut            the deadline passed, or the function's own timeout ended it
└── FunctionFailed      it ran and failed, or could not read what it was sent
"""

from __future__ import annotations

from waddlebot.domain.errors import Unavailable


class NotStarted(Unavailable):
    """The function surely did not run: it may be called again."""


class TimedOut(Unavailable):
    """No answer before the deadline; the function may have done its work all the same."""


class FunctionFailed(Unavailable):
    """The function ended with an error; `error_type` and `message` are its own, for the log."""

    def __init__(self, what: str, error_type: str, message: str) -> None:
        super().__init__(what)
        self.error_type = error_type
        self.message = message

    def __str__(self) -> str:
        return f"{self.what} failed: {self.error_type}: {self.message}"
