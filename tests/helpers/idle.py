"""What a browser costs while nothing happens: time of processors, of all that it is made of."""

from __future__ import annotations

import time

from playwright.sync_api import Browser

MOST_IDLE = 0.02
"""Of one processor."""
_LOOK_SECONDS = 3.0
_LOOKS = 3


def cost(browser: Browser) -> float:
    """Parts of one processor, drawing included, by the best of some looks: others may have woken it
    in between. Time of processors is the same on a busy machine; the clock's is not.
    """
    looks: list[float] = []
    while len(looks) < _LOOKS and not any(one <= MOST_IDLE for one in looks):
        before, began = _spent(browser), time.monotonic()
        time.sleep(_LOOK_SECONDS)
        looks.append((_spent(browser) - before) / (time.monotonic() - began))
    print(f"idle, in % of one processor: {[round(100 * one, 2) for one in looks]}")
    return min(looks)


def _spent(browser: Browser) -> float:
    tab = browser.new_browser_cdp_session()
    told = tab.send("SystemInfo.getProcessInfo")
    tab.detach()
    return float(sum(one["cpuTime"] for one in told["processInfo"]))
