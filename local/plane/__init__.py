"""The data plane on one machine: PostgreSQL with a streaming replica, and three Valkeys."""

from local.plane.data_plane import DataPlane, forget
from local.plane.failures import PlaneFailed
from local.plane.home_lock import HomeTaken
from local.plane.keys import load_dev_env

__all__ = ["DataPlane", "HomeTaken", "PlaneFailed", "forget", "load_dev_env"]
