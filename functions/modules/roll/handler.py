from __future__ import annotations

from functions.modules.roll.module import MODULE
from waddlebot_sdk import serve

handler = serve(MODULE)
