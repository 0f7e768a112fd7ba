"""Signing in with an account of a platform, and a plain page that says who one is."""
