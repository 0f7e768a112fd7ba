"""What a page looks like to people who see less, or touch: contrast of its texts, size of targets.

The numbers are those of WCAG 2.2: 4.5:1 for every text (1.4.3, without its exception for large
ones), 24 px for what is pressed (2.5.8; a link in a sentence is as high as its line).
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

LEAST_CONTRAST = 4.5
LEAST_TARGET_PX = 24

_FAINT = Path(__file__).with_name("contrast.js")
_SMALL = Path(__file__).with_name("targets.js")


def faint_texts(page: Page) -> list[str]:
    """Each visible text below the least contrast, with what it has."""
    found: list[str] = page.evaluate(_FAINT.read_text(), LEAST_CONTRAST)
    return found


def small_targets(page: Page) -> list[str]:
    """Each visible thing to press that is too small, with its size."""
    found: list[str] = page.evaluate(_SMALL.read_text(), LEAST_TARGET_PX)
    return found


def sticks_out(page: Page) -> bool:
    """Whether one must scroll sideways."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide
