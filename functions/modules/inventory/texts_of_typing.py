"""Sentences about what was typed and is not understood."""

from __future__ import annotations

from collections.abc import Iterable

from functions.modules.inventory.texts import LIST, cut
from waddlebot_sdk import say_command


def no_part(typed: str, parts: Iterable[str]) -> str:
    return f"'{cut(typed)}' is none of {', '.join(parts)}, or nothing stands behind it."


def no_number(typed: str) -> str:
    return f"'{cut(typed)}' is not a number."


def no_name() -> str:
    example = say_command('inventory add "AA battery" x12')
    return f"An item has a name on one line, and begins with no #. Example: {example}"


def no_person() -> str:
    example = say_command("inventory checkout camera @ana")
    return f"Say who gets it. Example: {example}"


def no_quantity(typed: str) -> str:
    return f"'{cut(typed)}' is no number of things. Say 3 or x3."


def quantity_bounds(most: int) -> str:
    return f"It is 1 at least and {most:,} at most."


def no_time(typed: str) -> str:
    example = say_command("inventory take camera until friday")
    return f"I do not know until when '{cut(typed)}' is. Example: {example}"


def say_until() -> str:
    example = say_command("inventory extend camera until friday")
    return f"Say until when. Example: {example}"


def too_late() -> str:
    return "Nobody keeps a thing for more than two years. Say an earlier day."


def no_listed(typed: str) -> str:
    return f"I list all, available, out or low, not '{cut(typed)}'. Try: {LIST}"


def too_many_labels(most: int) -> str:
    return f"An item has {most} labels at most."


def too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long; at most {most} can be kept."
