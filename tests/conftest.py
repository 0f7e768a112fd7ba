"""Real servers for whoever asks; see servers.py."""

from tests.servers import *  # noqa: F403 - fixtures are found by name
