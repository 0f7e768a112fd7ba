"""The words of an inventory: what there is, who has it, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from functions.modules.inventory.people import Borrower


class Listed(StrEnum):
    """What of an inventory is listed."""

    ALL = "all"
    AVAILABLE = "available"
    OUT = "out"
    LOW = "low"


class Condition(StrEnum):
    """What is not fine stays where it is."""

    FINE = "fine"
    BROKEN = "broken"
    REPAIR = "repair"
    LOST = "lost"


class ItemAction(StrEnum):
    """What happens to an item, as its history says it."""

    ADD = "add"
    CHECKOUT = "checkout"
    CHECKIN = "checkin"
    DELETE = "delete"
    UPDATE = "update"
    EXTEND = "extend"
    LABEL_ADD = "label_add"
    LABEL_REMOVE = "label_remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What somebody wants to add; it has no number yet."""

    name: str
    quantity: int = 1
    description: str = ""
    labels: tuple[str, ...] = ()
    condition: Condition = Condition.FINE


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """`taken` of `quantity` are lent. `number` is the community's, `id` the table's.

    `added_by` is empty where that person was forgotten; `back_at` is when one came back last.
    """

    id: int
    number: int
    name: str
    description: str
    quantity: int
    taken: int
    labels: tuple[str, ...]
    added_by: str
    back_at: datetime | None
    condition: Condition
    low_at: int | None

    @property
    def is_low(self) -> bool:
        return self.low_at is not None and self.left <= self.low_at

    @property
    def left(self) -> int:
        return self.quantity - self.taken

    @property
    def is_single(self) -> bool:
        return self.quantity == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """`until` is None where no day was said."""

    id: int
    item_id: int
    item_name: str
    quantity: int
    borrower: Borrower
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """`with_it` are the names of what goes with it and was lent too, `missing` of what was not
    there."""

    loan: Loan
    with_it: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`by` did it, `holder` has the item since then or gave it back; `details` by name."""

    item_name: str
    action: str
    by: Borrower
    holder: Borrower | None
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundItems:
    """The first that were found, and how many there are in all."""

    items: tuple[StockItem, ...]
    total: int
