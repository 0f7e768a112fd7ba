"""Sentences about an inventory that leaves as a file, and about things that come as one."""

from __future__ import annotations

from collections.abc import Sequence

from functions.modules.inventory.texts import LIST, cut, name_of, names_of
from waddlebot_sdk import say_command

ROWS_WANTED = "Rows of CSV, one a line: name, count, description, labels with ; between, state."
NO_ADDRESS_TITLE = "Nothing is here"


def fetch_it(address: str) -> str:
    return f"Whoever has this address reads the inventory for an hour: {address}"


def no_address() -> str:
    return "This address is over, or was never given out. An admin gets a new one in chat."


def imported(count: int) -> str:
    return f"Added {count} thing{'' if count == 1 else 's'}. What there is: {LIST}"


def known_already(names: Sequence[str]) -> str:
    change = say_command("inventory edit")
    return f"Nothing is added: there is {names_of(names)} already, which {change} changes."


def no_csv() -> str:
    return f"That is no CSV. {ROWS_WANTED}"


def too_many_rows(most: int) -> str:
    return f"Those are more than {most} rows. Nothing is added."


def line_wrong(number: int, why: str) -> str:
    return f"Nothing is added. Line {number}: {why}"


def twice(name: str) -> str:
    return f"{name_of(name)} stands there twice."


def no_column(typed: str, known: Sequence[str]) -> str:
    return f"Nothing is added: I know no column '{cut(typed)}', but {', '.join(known)}."


def too_many_cells(most: int) -> str:
    return f"That is more than {most} cells. What has a comma in it stands in quotes."


def no_state(typed: str, known: Sequence[str]) -> str:
    return f"'{cut(typed)}' is no state. It is one of {', '.join(known)}."
