from __future__ import annotations

from functions.modules.timers.module import MODULE
from functions.modules.timers.store import Timers
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Timers)
