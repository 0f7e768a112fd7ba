"""How long it is until something begins, as OBS shows it."""

from __future__ import annotations

from functions.builtins.how_long import take_how_long
from functions.builtins.tools import Builtin, Showing
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.overlays import count_down
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, NotUnderstood, Role, command, say_command

EXAMPLE = "countdown 10m Starting soon"


@command(
    "countdown start <when-and-title>",
    "Count down in OBS: so long, or to a time.",
    also=("countdown",),
    example="countdown start 10m Starting soon",
    role=Role.MODERATOR,
)
def start(call: Call, tools: Showing) -> Answer:
    zone = tools.session.community.time_zone
    found = take_how_long(call.arguments["when-and-title"], now=tools.now, zone=zone)
    if found is None:
        raise NotUnderstood(f"Say how long, or until when. Say it like {say_command(EXAMPLE)}")

    def decide(edit: Edit, asker: Asker) -> str:
        count_down(
            edit,
            asker,
            seconds=found.seconds,
            title=found.rest,
            now=tools.now,
            call=call.execution_id,
        )
        return f"It counts down {found.said}. Stop: {say_command('countdown stop')}"

    return tools.show_now(call, decide)


@command(
    "countdown stop", "Take the countdown away.", example="countdown stop", role=Role.MODERATOR
)
def stop(call: Call, tools: Showing) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        count_down(edit, asker, seconds=0, now=tools.now, call=call.execution_id)
        return "There is no countdown any more."

    return tools.show_now(call, decide)


MODULE = Builtin(
    tools=Showing,
    name="countdown",
    summary="How long it is until something begins.",
    commands=(start, stop),
)
