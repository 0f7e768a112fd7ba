"""What people read who come back from a service with nothing: why, and what to do next."""

from __future__ import annotations

import re

from functions.identity.visits import Visit
from waddlebot.runtime.logs import Category
from waddlebot.stores.logins import NotBegun

_NOT_BEGUN = {
    NotBegun.ELSEWHERE: "That was begun in another browser, or too long ago. Begin here again.",
    NotBegun.USED: (
        "That was used already, as by a second click or a page that is loaded again. What it was "
        "for is done if it went well then; otherwise begin here again."
    ),
}
_FOR_NOW = frozenset({"server_error", "temporarily_unavailable"})
_WORD = re.compile(r"[a-z_]{1,60}")


def not_begun(why: NotBegun) -> str:
    return _NOT_BEGUN[why]


def no_code(visit: Visit, name: str, nothing: str) -> str:
    """`nothing` is what did not happen: "Nothing was connected".

    Words of a service (RFC 6749, 4.1.2.1) are told as far as they can be some; anybody can write
    another address.
    """
    error = visit.query("error")
    error = error if _WORD.fullmatch(error) else ""
    if error == "access_denied":
        return f"{nothing}: {name} says that you did not allow it."
    visit.log.warning("no code came back", category=Category.AUTH, error=error or "none")
    if error in _FOR_NOW:
        return f"{nothing}: {name} has trouble. Try again in a moment."
    if error:
        return (
            f"{nothing}: {name} says {error}. Whoever runs this WaddleBot can mend that: its log "
            "names it, and docs/connecting.md says what to set up there."
        )
    return f"{nothing}: {name} gave nothing. Begin here again."
