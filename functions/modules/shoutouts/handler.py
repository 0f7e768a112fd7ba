from __future__ import annotations

from functions.modules.shoutouts.module import MODULE
from functions.modules.shoutouts.store import Shoutouts
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Shoutouts)
