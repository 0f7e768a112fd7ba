"""What somebody probably meant to type, among everything that the modules declare."""

from __future__ import annotations

import difflib

from functions.catalogue import builtin_modules, lambda_modules


def find_nearest(typed: str) -> str | None:
    """`!qoute` is probably `!quote`; None where nothing is close."""
    names = _first_words()
    close = difflib.get_close_matches(typed.lstrip("!#/").lower(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else None


def _first_words() -> dict[str, str]:
    """Each command's first word, and that word as it is typed."""
    return {
        path.split()[0]: f"{module.prefix}{path.split()[0]}"
        for module in (*lambda_modules(), *builtin_modules())
        for command in module.commands
        for path in (command.path, *command.also)
    }
