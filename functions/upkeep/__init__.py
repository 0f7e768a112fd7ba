"""What a deployment, the clock and an operator start: migrate, sync_commands, sweep, restore."""
