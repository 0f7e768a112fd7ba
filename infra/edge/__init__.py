"""What stands before a house that has a domain of its own."""
