"""See tests/helpers/operations_room.py."""

from tests.helpers.operations_room import *  # noqa: F403 - fixtures are found by name
