"""Wakes functions on their schedules, as EventBridge does on AWS."""

from local.clock.clock import Clock

__all__ = ["Clock"]
