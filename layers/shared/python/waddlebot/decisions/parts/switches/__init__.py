"""Which modules and commands are off, in a community or in one of its places."""
