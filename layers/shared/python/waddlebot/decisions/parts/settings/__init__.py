"""What a community sets for itself and for its modules."""
