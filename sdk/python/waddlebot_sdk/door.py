"""The door of a stranger's function: what AWS Lambda calls."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from waddlebot_sdk.calls import Call
from waddlebot_sdk.completing import answer_completing
from waddlebot_sdk.folder import served
from waddlebot_sdk.module import Module
from waddlebot_sdk.responses import to_wire

Handler = Callable[[dict[str, Any], object], list[dict[str, Any]] | dict[str, Any]]


def serve(module: Module[None]) -> Handler:
    """`handler = serve(MODULE)`; an exception is Lambda's to report and ours to explain."""

    def handler(wire: dict[str, Any], _context: object) -> list[dict[str, Any]] | dict[str, Any]:
        if "completes" in wire:
            return answer_completing(module, wire, None)
        call = Call.from_wire(wire)
        return to_wire(module.answer(call, None), session_id=call.session_id)

    return handler


def serve_folder(code: ModuleType) -> Handler:
    """`handler = serve_folder(commands)`: what waddlebot.toml beside this code declares.

    A function that the code lacks fails its own calls, and no others.
    """
    return serve(served(code))
