"""How what OBS shows may look; the names' colours stand in functions/overlay/page/theme.css."""

from __future__ import annotations

from types import MappingProxyType

THEMES = MappingProxyType(
    {
        "night": "light letters on a dark ground",
        "day": "dark letters on a light ground",
        "neon": "violet, with borders that glow",
        "outline": "white letters with a dark edge, on hardly any ground",
    }
)
"""By name, and what each is."""
USUAL_THEME = "night"
