from __future__ import annotations

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from waddlebot.runtime.serve_module import serve_module

handler = serve_module(MODULE, build=Inventory)
