from __future__ import annotations

from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Gatherings)
