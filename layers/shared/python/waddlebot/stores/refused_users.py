"""What an operator reads where the database does not let a user in, or not do something."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import psycopg

REFUSED = psycopg.errors.InsufficientPrivilege
_NOT_LET_IN = (
    *("password authentication failed", "PAM authentication failed", "no pg_hba.conf entry"),
    *("is not permitted to log in", "permission denied for database"),
)


def is_not_let_in(error: psycopg.Error) -> bool:
    """Whoever connects is told by the library alone, in the server's words."""
    said = str(error)
    is_unknown = "role " in said and "does not exist" in said
    return is_unknown or any(words in said for words in _NOT_LET_IN)


def refusal_of(error: psycopg.Error, user: str) -> str:
    """As how it fails us: what to do next stands in it."""
    if isinstance(error, REFUSED):
        said = str(error).strip().partition("\n")[0]
        return (
            f"lets {user} not do that ({said}): deploy again, upkeep-migrate gives it back what "
            "it may; if it is refused then too, it asks for what is not its own"
        )
    return (
        f"does not let {user} in: deploy again, upkeep-migrate makes it anew; where users enter by "
        "tokens, the function's role must have rds-db:connect on it"
    )


def user_in(url: str) -> str:
    """Of an address, for sentences."""
    return unquote(urlsplit(url).username or "") or "its user"
