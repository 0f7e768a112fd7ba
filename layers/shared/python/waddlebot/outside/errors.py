"""What comes of asking somebody else's server, when nothing good does.

Unavailable             somebody else's failure
└── OutsideFailed       with `attempts`, and `told`: its breaker has just opened for the first time
    ├── NotReached      it surely got nothing of it
    │   └── NotPublic   its name leads into a private network
    ├── Resting         it failed so often that it was not asked
    ├── TooSlow         no answer before the deadline; it may have done it all the same
    ├── BrokeOff        it went away in the middle, or said what is no HTTP
    ├── TooMuch         it said more than is read
    └── Declined        it answered, with a `status` that means no
"""

from __future__ import annotations

from waddlebot.domain.errors import Unavailable


class OutsideFailed(Unavailable):
    def __init__(self, what: str, how: str = "does not answer") -> None:
        super().__init__(what, how)
        self.attempts = 1
        self.told = False


class NotReached(OutsideFailed):
    def __init__(self, what: str, how: str = "is not reached") -> None:
        super().__init__(what, how)


class NotPublic(NotReached):
    def __init__(self, what: str) -> None:
        super().__init__(what, "leads into a private network, where I do not go")


class Resting(OutsideFailed):
    def __init__(self, what: str, seconds: float) -> None:
        super().__init__(what, f"failed too often and is left alone for {seconds:.0f} s")
        self.seconds = seconds


class TooSlow(OutsideFailed):
    def __init__(self, what: str) -> None:
        super().__init__(what, "did not answer in time")


class BrokeOff(OutsideFailed):
    def __init__(self, what: str) -> None:
        super().__init__(what, "broke off")


class TooMuch(OutsideFailed):
    def __init__(self, what: str, most_bytes: int) -> None:
        super().__init__(what, f"answers with more than {most_bytes:,} bytes")


class Declined(OutsideFailed):
    def __init__(self, what: str, status: int, retry_after_seconds: float | None = None) -> None:
        super().__init__(what, f"answers with {status}")
        self.status = status
        self.retry_after_seconds = retry_after_seconds


def may_have_happened(error: OutsideFailed) -> bool:
    """Whether what was asked for may have been done all the same."""
    if isinstance(error, NotReached | Resting):
        return False
    if isinstance(error, Declined):
        said_later = error.status == 503 and error.retry_after_seconds is not None
        return not said_later and not 300 <= error.status < 500
    return True
