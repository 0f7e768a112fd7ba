"""What a part of a community reads of its row and of those that hang on it.

The parts' statements are one value each, so that together they are still one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, LiteralString

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.stores.postgres import Connection

CommunityRow = Mapping[str, Any]
Columns = Mapping[str, LiteralString]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRows:
    """A part's columns, each a value in SQL by its name; `communities` is there the row itself.

    `columns` are read whenever a community is; `for_text` besides, where all is written out.
    `params` are what they name. `fields` are those of `Community` that are made of `columns`, and
    how; what `own` makes has none there, and stands in `Community.own` under the part's name.
    """

    columns: Columns = field(default_factory=dict)
    for_text: Columns = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Callable[[CommunityRow], Any]] = field(default_factory=dict)
    own: Callable[[CommunityRow], Any] | None = None


def object_of(columns: Iterable[Columns]) -> LiteralString:
    """All of them as one JSON object. What several parts read alike is read once.

    Raises ValueError: two mean different things by one name.
    """
    together: dict[str, LiteralString] = {}
    for name, value in (one for some in columns for one in some.items()):
        if together.setdefault(name, value) != value:
            raise ValueError(f"two parts read {name!r}, and not the same")
    values = ", ".join(f"'{name}', {value}" for name, value in together.items())
    return f"jsonb_build_object({values})"


def params_of(parts: Iterable[PartRows]) -> Mapping[str, Any]:
    """By name."""
    return {name: value for part in parts for name, value in part.params.items()}


def load_all(
    connection: Connection, community: CommunityId, parts: Iterable[PartRows]
) -> CommunityRow:
    """Also what only a text needs, `{column: value}`, in one statement. Raises Rejected: 404."""
    parts = tuple(parts)
    read = object_of(columns for part in parts for columns in (part.columns, part.for_text))
    row = connection.execute(
        f"SELECT {read} AS read FROM communities WHERE id = %(id)s",  # noqa: S608 - all are ours
        {"id": community, **params_of(parts)},
    ).fetchone()
    if row is None:
        raise Rejected(404, "UNKNOWN_COMMUNITY", "There is no such community.")
    found: CommunityRow = row["read"]
    return found
