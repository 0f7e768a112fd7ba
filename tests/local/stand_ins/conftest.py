from __future__ import annotations

from tests.helpers.stand_ins import front

__all__ = ["front"]  # a fixture
