"""Names that stand where a module's name may, in settings and records, and are no folder's."""

from __future__ import annotations

OURS = "waddlebot"
"""The settings of the house itself."""
NAMES = "names"
"""How a community calls its commands."""
POINTS = "points"
"""What events are worth in a community."""
MODERATION = "moderation"
"""Rules that moderate."""
WEBHOOK = "webhook"
"""Rules that ask somebody else's server."""
OUR_NAMES = frozenset({OURS, NAMES, POINTS, MODERATION, WEBHOOK})
"""All of them: no community function is called so."""
