"""What a community is called."""
