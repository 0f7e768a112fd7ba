"""What moderators do, and what rules do for them."""
