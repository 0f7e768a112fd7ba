"""Asks platforms who somebody is, where their events carry ids alone."""
