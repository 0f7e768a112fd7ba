"""The house's stand-ins for platforms, told to fail."""

from __future__ import annotations

from tests.helpers.house import House


def breaks(house: House, on: str, what: str, channel: str, times: int = 9) -> None:
    fault = {"on": on, "what": what, "channel": channel, "times": times}
    assert house.post("/stand-ins/break", fault) == {"broken": what}
