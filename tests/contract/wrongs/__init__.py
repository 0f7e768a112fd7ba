"""What cannot be, deed by deed, and what is said of it at every door; a file a theme."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from tests.contract.wrong import Wrong


def _found() -> dict[str, tuple[Wrong, ...]]:
    """Of every file beside this one that has some. Raises AssertionError for a deed in two."""
    found: dict[str, tuple[Wrong, ...]] = {}
    for one in pkgutil.iter_modules(__path__, f"{__name__}."):
        more = getattr(importlib.import_module(one.name), "WRONGS", {})
        assert not found.keys() & more.keys(), one.name
        found |= more
    return found


WRONGS = _found()

HAVE_NO_WRONG_INPUT: Mapping[str, str] = {
    "undo_rule": "it takes nothing: what it may is tried by who asks",
    "drop_limit": "the text form alone takes back one limit; what is not there is gone",
    "hide_events": "it takes nothing: what it may is tried by who asks",
    "hide_chat": "it takes nothing: what it may is tried by who asks",
    "invite_home": "it takes nothing: what it may is tried by who asks",
    "leave_home": "it takes nothing: what it may is tried by who asks",
    "put_rules_in_order": "the text form alone does it, and what is there no more has no place",
    "bring_text": "each deed's own wrong inputs come through it",
    "disconnect": "one button of a page names it: whose it is, is tried in tests/journey",
    **dict.fromkeys(
        ("make_own_key", "rename_own_key", "renew_own_key", "revoke_own_key", "revoke_own_keys"),
        "a key is a person's, of no community: tried in tests/functions/communities/test_own_keys",
    ),
    "take_back_text": "it takes nothing: what it may is tried by who asks",
}
