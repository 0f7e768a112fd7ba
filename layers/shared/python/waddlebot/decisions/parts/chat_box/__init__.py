"""The chat of a community in OBS."""
