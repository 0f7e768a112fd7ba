from __future__ import annotations

from functions.modules.roll import commands
from waddlebot_sdk import serve_folder

handler = serve_folder(commands)
