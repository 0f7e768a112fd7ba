"""How commands are called in a community, and what they begin with."""
