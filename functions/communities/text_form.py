"""A community as one readable file: TOML, of the tables that its parts write and read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import tomli_w

from functions.communities.text_size import why_not_parsed
from waddlebot.decisions.facts import by_kind
from waddlebot.decisions.parts import texts_of_parts
from waddlebot.decisions.text import TextForm
from waddlebot.decisions.text_table import TextTable, wrong
from waddlebot.domain.community_facts import Facts, Key

FORM = 1

Table = dict[str, Any]


def write_text(facts: Facts) -> str:
    kinds = by_kind(facts)
    written: Table = {}
    for part in texts_of_parts().values():
        _lay_over(written, part.write(kinds))
    document = {name: _sorted(table) for name, table in written.items() if table or name == "name"}
    return tomli_w.dumps({"waddlebot": FORM, **document})


def _lay_over(written: Table, more: Mapping[str, Any]) -> None:
    """Several parts may have fields of one table."""
    for name, value in more.items():
        if isinstance(value, Mapping):
            _lay_over(written.setdefault(name, {}), value)
        else:
            written[name] = value


def _sorted(table: Any) -> Any:
    """By name, so that the same community is always the same text; rows are as they are."""
    if not isinstance(table, Mapping):
        return table
    return {name: _sorted(value) for name, value in sorted(table.items())}


def read_text(text: str) -> dict[Key, Any]:
    """What is possible is for whoever brings it in to say.

    Raises:
        Refusal: it is not read, and where.
    """
    problem = why_not_parsed(text)
    if problem:
        raise wrong("text", problem)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError, too
        raise wrong("text", f"it is no TOML: {error}") from error
    top = TextTable(document, "")
    if top.number("waddlebot", most=10**6) != FORM:
        raise wrong("waddlebot", f"this release reads form {FORM}")
    facts: dict[Key, Any] = {}
    for part in texts_of_parts().values():
        facts |= part.read(top)
    top.check_end()
    return facts


TOML = TextForm(read=read_text, write=write_text)
