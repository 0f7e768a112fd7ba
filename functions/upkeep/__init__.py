"""What a deployment and the clock start: migrate, sync_commands, sweep."""
