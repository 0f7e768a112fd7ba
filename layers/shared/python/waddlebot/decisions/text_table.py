"""A table of a community's text, read field by field: what is wrong is said with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.moments import read_moment
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.roles import Role
from waddlebot_sdk.times import no_length, take_length

MOST_TEXT_CHARACTERS = 500
NO_SIGN = r"\u0000, which is no sign that can be kept"
MOST_NUMBER = 10**9
MOST_ROWS = 1_000
"""Of a kind."""


@dataclass(slots=True)
class TextTable:
    """A table of the file, read field by field; `at` says where it stands.

    Every method raises Refusal with the field's place.
    """

    fields: dict[str, Any]
    at: str
    left: dict[str, Any]
    tables: dict[str, TextTable]

    def __init__(self, fields: dict[str, Any], at: str) -> None:
        self.fields, self.at, self.left, self.tables = fields, at, dict(fields), {}

    def wrong(self, field: str, why: str) -> Refusal:
        return wrong(f"{self.at}{field}", why)

    def wrong_itself(self, why: str) -> Refusal:
        return wrong(self.at.rstrip("."), why)

    def read(self, field: str, read: Callable[[str], Any]) -> Any:
        return self.checked(field, read, str(self.value(field)))

    def checked(self, field: str, read: Callable[[str], Any], text: str) -> Any:
        """As `read` has it, which raises Refusal."""
        try:
            return read(text)
        except Refusal as refusal:
            raise self.wrong(field, refusal.say.removesuffix(".")) from refusal

    def value(self, field: str) -> Any:
        if field not in self.fields:
            raise self.wrong(field, "it is missing")
        self.left.pop(field, None)
        return self.fields[field]

    def text(self, field: str, *, usual: str | None = None, may_be_empty: bool = False) -> str:
        if field not in self.fields and usual is not None:
            return usual
        value = self.value(field)
        if not isinstance(value, str) or not (value or may_be_empty):
            raise self.wrong(field, "it is a text")
        if len(value) > MOST_TEXT_CHARACTERS:
            raise self.wrong(field, f"it has {MOST_TEXT_CHARACTERS} characters at most")
        if "\0" in value:
            raise self.wrong(field, f"it holds {NO_SIGN}")
        return value

    def setting(self, field: str) -> bool | int | str:
        value = self.value(field)
        if isinstance(value, str):
            return self.text(field, may_be_empty=True)
        if not isinstance(value, bool | int):
            raise self.wrong(field, "it is true, false, a number or a text")
        return value

    def texts(self, field: str) -> Sequence[str]:
        value = self.value(field) if field in self.fields else []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(field, "it is a list of texts")
        if len(value) > MOST_ROWS:
            raise self.wrong(field, f"there are {MOST_ROWS:,} at most")
        if any(len(one) > MOST_TEXT_CHARACTERS for one in value):
            raise self.wrong(field, f"each has {MOST_TEXT_CHARACTERS} characters at most")
        if any("\0" in one for one in value):
            raise self.wrong(field, f"one holds {NO_SIGN}")
        return value

    def number(self, field: str, *, most: int, usual: int | None = None) -> int:
        if field not in self.fields and usual is not None:
            return usual
        value = self.value(field)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise self.wrong(field, f"it is a whole number, 0 to {most:,}")
        return value

    def seconds(self, field: str, *, most: int, usual: int | None = None) -> int:
        """A number of them, or how long as people say it in chat."""
        if not isinstance(self.fields.get(field), str):
            return self.number(field, most=most, usual=usual)
        text = self.text(field)
        try:
            length = take_length(text)
        except NotUnderstood as wrong_time:
            raise self.wrong(field, wrong_time.say.removesuffix(".")) from wrong_time
        if length is None or length.rest:
            raise self.wrong(field, no_length(text).say.removesuffix("."))
        return min(length.seconds, most)

    def flag(self, field: str) -> bool:
        value = self.value(field) if field in self.fields else False
        if not isinstance(value, bool):
            raise self.wrong(field, "it is true or false")
        return value

    def role(self, field: str, *, usual: Role | None = None) -> Role:
        if field not in self.fields and usual is not None:
            return usual
        role: Role = self.one_of(field, Role)
        return role

    def one_of(self, field: str, kinds: Any) -> Any:
        value = self.value(field)
        try:
            return kinds(value)
        except ValueError:
            raise self.wrong(field, f"it is one of {', '.join(kinds)}") from None

    def some_of(self, field: str, kinds: Sequence[str]) -> tuple[str, ...]:
        """Each once, in the order of the alphabet."""
        said = set(self.texts(field))
        if said - set(kinds):
            raise self.wrong(field, f"each is one of {', '.join(kinds)}")
        return tuple(sorted(said))

    def moment(self, field: str) -> str:
        """Or nothing."""
        text = self.text(field, usual="")
        if not text:
            return ""
        moment = read_moment(text)
        if moment is None:
            raise self.wrong(field, "it is a time as in 2026-07-01T12:00:00+00:00")
        return moment.isoformat()

    def table(self, field: str) -> TextTable:
        """The same one each time: several may read it, each their own fields."""
        if field not in self.tables:
            value = self.value(field) if field in self.fields else {}
            if not isinstance(value, dict):
                raise self.wrong(field, "it is a table")
            self.tables[field] = TextTable(value, f"{self.at}{field}.")
        return self.tables[field]

    def tables_in(self, field: str) -> Iterator[tuple[str, TextTable]]:
        """By the names as they are written."""
        among = self.table(field)
        for name in among.fields:
            yield name, among.table(name)

    def rows(self, field: str) -> list[TextTable]:
        value = self.value(field) if field in self.fields else []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(field, "it is a list of tables")
        if len(value) > MOST_ROWS:
            raise self.wrong(field, f"there are {MOST_ROWS:,} at most")
        return [
            TextTable(one, f"{self.at}{field}[{number}].")
            for number, one in enumerate(value, start=1)
        ]

    def check_end(self) -> None:
        """All has been read, also of the tables in it."""
        for table in self.tables.values():
            table.check_end()
        for field in self.left:
            raise self.wrong(field, "nothing of that name is known here")


def wrong(field: str, why: str) -> Refusal:
    return Refusal(f"'{field}': {why}.", Because.WRONG, code="INVALID_TEXT", field=field)
