"""What lines of a community are called."""
