"""Rolls dice, in a process of its own and with nothing granted."""

from __future__ import annotations

from functions.modules.roll.commands import roll
from waddlebot_sdk import Module

MODULE: Module[None] = Module(
    name="roll",
    summary="Rolls dice.",
    commands=(roll,),
    community=True,
)
