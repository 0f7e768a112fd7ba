"""What stays awake: events to the router, replies to platforms, what is due, connections."""
