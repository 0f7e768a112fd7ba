"""How much there is, how much of it is out, and which labels hang on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waddlebot.stores.postgres import Connection

MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFigure:
    label: str
    items: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryFigures:
    """`pieces` counts each of many; `late` are loans whose day is over. `labels` are the ten that
    most things have, of `different_labels`."""

    items: int
    pieces: int
    out: int
    late: int
    different_labels: int
    labels: tuple[LabelFigure, ...]


def count_all(connection: Connection, community: int, at: datetime) -> InventoryFigures:
    [row] = connection.execute(
        """
        SELECT count(*) AS items, coalesce(sum(quantity), 0) AS pieces,
            coalesce(sum(taken), 0) AS out,
            (SELECT count(*) FROM inventory_loans
             WHERE community_id = %(community)s AND due_at < %(at)s) AS late
        FROM inventory_items WHERE community_id = %(community)s
        """,
        {"community": community, "at": at},
    ).fetchall()
    labels = connection.execute(
        """
        SELECT label, count(*) AS items
        FROM inventory_labels JOIN inventory_items ON inventory_items.id = item_id
        WHERE community_id = %s GROUP BY label ORDER BY items DESC, label
        """,
        (community,),
    ).fetchall()
    return InventoryFigures(
        items=row["items"],
        pieces=int(row["pieces"]),
        out=int(row["out"]),
        late=row["late"],
        different_labels=len(labels),
        labels=tuple(LabelFigure(**one) for one in labels[:MOST_NAMED]),
    )
