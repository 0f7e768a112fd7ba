"""The question what may stand for an argument, as a function is asked it.

asked     {"completes": the argument, "call": a call of the public contract,
           "arguments": {what the others hold}}
answered  {"choices": [{"value", "shown"}…]}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from waddlebot_sdk.calls import Call
from waddlebot_sdk.completions import choices_to_wire
from waddlebot_sdk.module import Module

Tools = TypeVar("Tools")


def ask_completing(call: Call, argument: str) -> dict[str, Any]:
    """`call.command` and `call.text` are what is typed, `call.arguments` what stands elsewhere."""
    return {"completes": argument, "call": call.to_wire(), "arguments": dict(call.arguments)}


def read_completing(wire: Mapping[str, Any]) -> tuple[Call, str]:
    """`(call, argument)` of what `ask_completing` made, `wire`. Raises as `Call.from_wire`."""
    call = replace(Call.from_wire(wire["call"]), arguments=dict(wire.get("arguments") or {}))
    return call, str(wire["completes"])


def answer_completing(
    module: Module[Tools], wire: Mapping[str, Any], tools: Tools
) -> dict[str, Any]:
    """`wire` is what `ask_completing` made; the answer is as above."""
    call, argument = read_completing(wire)
    return choices_to_wire(module.complete(call, argument, tools))
