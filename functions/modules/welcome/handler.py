from __future__ import annotations

from functions.modules.welcome.module import MODULE
from functions.modules.welcome.store import Welcomes
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Welcomes)
