from __future__ import annotations

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Memories)
