"""Which community functions hear what happens in a community."""
