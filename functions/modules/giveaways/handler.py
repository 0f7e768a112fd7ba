from __future__ import annotations

from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.module import MODULE
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Giveaways)
