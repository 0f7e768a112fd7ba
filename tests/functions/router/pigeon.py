"""An engine that is no part of the house: the one file that it takes, beside its row."""

from __future__ import annotations

from functions.router.destinations import Answered
from functions.router.destinations.engines import Engine, Outgoing
from waddlebot.runtime.invoke_errors import FunctionFailed
from waddlebot_sdk.responses import Chat


def call_pigeon(out: Outgoing) -> Answered:
    if out.call.text == "nowhere":
        raise FunctionFailed(out.location, "Lost", "the pigeon came back with it")
    return Answered(responses=(Chat(f"{out.location}: {out.call.command}, {out.call.text}"),))


PIGEON = Engine(call=call_pigeon, takes_commands=True)
