from __future__ import annotations

from functions.modules.polls.module import MODULE
from functions.modules.polls.polling import Polls
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Polls)
