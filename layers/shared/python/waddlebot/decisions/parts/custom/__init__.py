"""Commands that a community has of its own."""
