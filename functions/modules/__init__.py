"""Interaction modules. Those of the house are named here; a folder with waddlebot.toml is not ours.

What is neither named nor declared is not taken, and nothing of a stranger's is ever imported.
"""

HOUSE = (
    "memories",
    "inventory",
    "calendar",
    "timers",
    "polls",
    "giveaways",
    "shoutouts",
    "welcome",
)
"""They are imported, and make tables of their own."""
