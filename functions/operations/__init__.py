"""What operators ask: health, and what was recorded of an event."""
