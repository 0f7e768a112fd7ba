"""Where calls go: one file an engine. Each turns a call into what was answered, or raises."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.domain.executions import Notice
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot_sdk.responses import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """`attempts` counts the calls it took."""

    responses: tuple[Response, ...] = ()
    platform_actions: tuple[PlatformAction, ...] = ()
    notices: tuple[Notice, ...] = ()
    attempts: int = 1
