"""Where and when a custom command answers: `!custom when hello twitch here`."""

from __future__ import annotations

from functions.builtins.custom_tools import FindingCustom, named, undo_behind
from functions.builtins.tools import Builtin
from functions.builtins.wanted_custom import Wanted
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.custom.deeds import change_custom, find_custom
from waddlebot.stores.on_air import has_streams
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Role, command

NOBODY_ASKS = "It is silent until who streams here connects their Twitch channel."


@command(
    "custom when <name> [conditions]",
    "Say where and when a custom command answers; elsewhere it is silent.",
    example="custom when hello twitch",
    role=Role.MODERATOR,
    per_minute=20,
)
def when(call: Call, tools: FindingCustom) -> Answer:
    conditions = tools.read_when(call.arguments.get("conditions", ""))
    wanted = Wanted(name=named(call, tools), when=conditions)

    def decide(edit: Edit, asker: Asker) -> str:
        before = find_custom(edit, asker, name=wanted.name)
        now = change_custom(edit, asker, name=wanted.name, when=conditions)
        unknown = now.when.asks_stream and not has_streams(edit.connection, asker.community)
        more = f" {NOBODY_ASKS}" if unknown else ""
        return f"{tools.described(now)[0]}{more}{undo_behind(before, wanted)}"

    return tools.decide(call, decide)


MODULE = Builtin(
    tools=FindingCustom,
    name="custom_answers",
    summary="Where and when commands of your own answer.",
    commands=(when,),
)
