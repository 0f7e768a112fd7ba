"""Numbers of this house, measured on the machine it runs on: `python -m bench figures`."""
