"""All that knows Lambda: environment, needs, resources, the doors, and calls to other functions."""
