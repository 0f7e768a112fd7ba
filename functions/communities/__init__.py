"""Communities over HTTP: members, settings, commands, labels, rules, limits, points, changes, and
all of it as text."""
