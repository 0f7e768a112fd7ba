"""Every error of the house belongs to one of three families, by what is done about it.

WaddleBotError
├── Refusal       said to the asking person in `say`; programs read `because` and `code`
├── Rejected      a caller that we do not accept: `status`, `code` and a sentence
└── Unavailable   somebody else's failure: tried again, then a dead letter
    ├── Full      it answers, and takes nothing new for now
    └── NotLetIn  it answers, and does not know whom we enter as
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class WaddleBotError(Exception):
    pass


class Because(StrEnum):
    """What kind of no it is. The value is the code, where a refusal has none of its own."""

    WRONG = "INVALID_FIELD"
    """What is wanted cannot be, whoever asks."""
    MAY_NOT = "MISSING_ROLE"
    UNKNOWN = "NOT_FOUND"
    STANDS = "REFUSED"
    """As things are; it may be possible once something else is changed."""


class Refusal(WaddleBotError):
    """`field` is what of the wanted is wrong, where it has a name."""

    def __init__(
        self, say: str, because: Because = Because.STANDS, *, code: str = "", field: str = ""
    ) -> None:
        super().__init__(say)
        self.say = say
        self.because = because
        self.code = code or because.value
        self.field = field

    def said_as(self, say: str) -> Refusal:
        """The same in other words."""
        return Refusal(say, self.because, code=self.code, field=self.field)


class Rejected(WaddleBotError):
    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = dict(details or {})
        self.retry_after_seconds = retry_after_seconds


class WrongMethod(Rejected):
    """Of an address that is there and is asked by other methods, which `allowed` names."""

    def __init__(self, methods: Iterable[str]) -> None:
        names = set(methods)
        allowed = sorted(names | {"HEAD"} if "GET" in names else names)
        say = f"This address takes {' and '.join(allowed)} alone."
        super().__init__(405, "METHOD_NOT_ALLOWED", say, details={"allowed": allowed})
        self.allowed = ", ".join(allowed)


class Unavailable(WaddleBotError):
    """`what` names the thing that fails us and `how` says in which way, in an operator's words."""

    def __init__(self, what: str, how: str = "does not answer") -> None:
        super().__init__(f"{what} {how}")
        self.what = what
        self.how = how


class NotLetIn(Unavailable):
    """`what` answers, and knows nobody by the name or word that it was given."""


class Full(Unavailable):
    """`what` answers, but takes nothing new for now."""

    def __init__(self, what: str) -> None:
        super().__init__(what, "has no room left")
