from __future__ import annotations

from functions.modules.songs.module import MODULE, Songs
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Songs)
