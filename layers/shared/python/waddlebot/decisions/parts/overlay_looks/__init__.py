"""How what OBS shows of a community looks."""
