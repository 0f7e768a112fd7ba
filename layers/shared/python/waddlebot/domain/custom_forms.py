"""What a text of custom commands reckons and decides; pure."""

from __future__ import annotations

from collections.abc import Mapping

from waddlebot.domain.custom_arithmetic import MATH
from waddlebot.domain.custom_conditions import IF
from waddlebot.domain.custom_texts import CustomForm

FORMS: Mapping[str, CustomForm] = {"math": MATH, "calc": MATH, "if": IF}
"""By the name behind the dollar."""
