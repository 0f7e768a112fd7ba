"""What a step of a deployment answers that failed, in words; it is JSON for programs."""

from __future__ import annotations

import json

_OTHER_BRANCH = "already exists"


def failure_words(payload: bytes) -> str:
    try:
        words = str(json.loads(payload)["errorMessage"])[:500]
    except (ValueError, KeyError, TypeError):
        words = payload.decode(errors="replace")[:500]
    # Anything else is in the file itself: to forget the data would help nobody.
    is_of_branch = _OTHER_BRANCH in words
    return f"{words}\nAfter a change of branch, make reset helps." if is_of_branch else words
