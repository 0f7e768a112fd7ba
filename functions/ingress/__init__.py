"""Webhooks of the platforms: verify, classify, answer in time or store."""
