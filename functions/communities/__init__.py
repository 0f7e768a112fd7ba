"""Communities over HTTP: members, settings, commands, labels, changes, and all of it as text."""
