"""What a soak has seen, to be told in one table at its end (tests/soak.py)."""

from __future__ import annotations

from dataclasses import dataclass

PAGES, HOUSE, SOCKETS = "pages alone", "a whole house", "many sockets"
EXPECTED = {
    PAGES: (
        "pushes",
        "networks cut",
        "restarts",
        "reloads",
        "missing, twice or out of order",
        "blank",
        "errors of the console",
    ),
    HOUSE: (
        "pushes",
        "networks cut",
        "servers killed",
        "restarts",
        "reloads",
        "missing, twice or out of order",
        "blank",
        "errors of the console",
    ),
    SOCKETS: (
        "sockets",
        "communities",
        "pages of a push",
        "pushes a second",
        "p99, ms",
        "p99 of a bare loop, ms",
        "p99 to a bare loop's",
        "lag of the clients, p99, ms",
        "memory of the front, MB",
        "more of it for the sockets, MB",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakFigure:
    """One that has no goal is stated and holds."""

    part: str
    name: str
    seen: float
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        return (self.least is None or self.seen >= self.least) and (
            self.most is None or self.seen <= self.most
        )

    @property
    def goal(self) -> str:
        if self.least is not None:
            return f"at least {self.least:g}"
        return "" if self.most is None else f"at most {self.most:g}"


FIGURES: dict[tuple[str, str], SoakFigure] = {}


def state(
    part: str, name: str, seen: float, *, least: float | None = None, most: float | None = None
) -> None:
    """The last one of a name counts. Raises KeyError for one that nobody expects."""
    if name not in EXPECTED[part]:
        raise KeyError(name)
    FIGURES[part, name] = SoakFigure(part=part, name=name, seen=seen, least=least, most=most)


def state_shown(part: str, *, wrong: int, blank: int, complaints: int) -> None:
    """Of pages: nothing of it may be."""
    state(part, "missing, twice or out of order", wrong, most=0)
    state(part, "blank", blank, most=0)
    state(part, "errors of the console", complaints, most=0)
