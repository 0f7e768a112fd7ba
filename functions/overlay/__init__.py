"""Browser sources: what OBS shows of a community."""
