"""The last events of a community in OBS."""
