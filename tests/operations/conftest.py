"""See room.py."""

from tests.operations.room import *  # noqa: F403 - fixtures are found by name
