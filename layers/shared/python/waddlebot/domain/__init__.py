"""The words of the house and its pure rules; plain Python, no I/O."""
