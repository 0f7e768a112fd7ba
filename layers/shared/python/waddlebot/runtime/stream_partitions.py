"""In how many shares the streams are kept: whoever touches them must be told the same."""

from __future__ import annotations

from waddlebot.runtime.environment import Environment, MissingVariable
from waddlebot.runtime.needs import PARTITIONS
from waddlebot.stores.keys import Partitions

MOST = 64


def partitions_of(environment: Environment) -> Partitions:
    """One, unless something else is said. Raises MissingVariable where that is no such number."""
    text = environment.find(PARTITIONS, "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise MissingVariable(f"{PARTITIONS}={text} is no number of partitions; say 1 to {MOST}.")
    return Partitions(int(text))
