from __future__ import annotations

import random
import re
from dataclasses import dataclass

from waddlebot_sdk import Call, Chat, NotUnderstood

MOST_DICE = 20
MOST_SIDES = 1000
_SHAPE = re.compile(r"(\d{0,4})d(\d{1,6})(?:([+-])(\d{1,6}))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Throw:
    count: int
    sides: int
    bonus: int

    def __str__(self) -> str:
        count = "" if self.count == 1 else str(self.count)
        return f"{count}d{self.sides}" + (f"{self.bonus:+d}" if self.bonus else "")


def roll(call: Call) -> Chat:
    throw = read_throw(call.arguments.get("dice", "d6"))
    # The execution id is the same when a call is delivered again, and so is the throw.
    chance = random.Random(call.execution_id)  # noqa: S311  a game, not a secret
    numbers = [chance.randint(1, throw.sides) for _ in range(throw.count)]
    who = call.user.name if call.user else "Somebody"
    return Chat(f"{who} rolled {throw}: {add_up(numbers, throw.bonus)}")


def read_throw(text: str) -> Throw:
    """Raises NotUnderstood where it is no throw, or too large a one."""
    shape = _SHAPE.fullmatch(text.replace(" ", ""))
    if shape is None:
        raise NotUnderstood(f"'{text[:30]}' is no throw I know. Try d20, 2d6 or 3d6+2.")
    count, sides, sign, bonus = shape.groups()
    throw = Throw(count=int(count or 1), sides=int(sides), bonus=int(f"{sign or ''}{bonus or 0}"))
    if not (1 <= throw.count <= MOST_DICE and 1 <= throw.sides <= MOST_SIDES):
        raise NotUnderstood(f"I have 1 to {MOST_DICE} dice with 1 to {MOST_SIDES} sides. Try 2d6.")
    return throw


def add_up(numbers: list[int], bonus: int) -> str:
    """`3 + 5 + 2 = 10`; a single throw without bonus is just its number."""
    parts = [*numbers, bonus] if bonus else numbers
    total = sum(parts)
    if len(parts) == 1:
        return str(total)
    return f"{' + '.join(map(str, parts)).replace('+ -', '- ')} = {total}"
