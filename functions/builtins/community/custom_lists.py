"""What custom commands are listed with: `!custom category hello fun`, `!custom in fun`."""

from __future__ import annotations

from functions.builtins.custom_tools import FindingCustom, named, shortened, undo_behind
from functions.builtins.offering import completing_custom
from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin
from functions.builtins.wanted_custom import Wanted, read_category
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.custom.deeds import change_custom, find_custom
from waddlebot.domain.custom_readers import in_category, read_by, role_in
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Role, command, say_command


@command(
    "custom in <category> [page]",
    "List the commands of this community's own that are in a category.",
    example="custom in fun",
    per_minute=20,
)
def in_(call: Call, tools: FindingCustom) -> Answer:
    category = tools.bare(call.arguments["category"])
    readable = read_by(role_in(tools.session), tools.commands.values())
    found = in_category(readable, category)
    if not found:
        there = ", ".join(sorted({one.category for one in readable} - {""})[:20])
        hint = f"There are: {there}." if there else "A moderator makes one: "
        how = "" if there else say_command("custom category hello fun")
        return Chat(f"No custom command for you is in '{category[:50]}'. {hint}{how}")
    again = say_command(f"custom in {category}")
    return Chat(say_page(list(map(shortened, tools.described(*found))), call, again=again))


@command(
    "custom category <name> <category>",
    "Say what a custom command is listed with; none takes it out.",
    example="custom category hello fun",
    role=Role.MODERATOR,
    per_minute=20,
)
def category_(call: Call, tools: FindingCustom) -> Answer:
    category = read_category(call.arguments["category"])
    wanted = Wanted(name=named(call, tools), category=category)

    def decide(edit: Edit, asker: Asker) -> str:
        before = find_custom(edit, asker, name=wanted.name)
        now = change_custom(edit, asker, name=wanted.name, category=category)
        return f"{tools.described(now)[0]}{undo_behind(before, wanted)}"

    return tools.decide(call, decide)


MODULE = Builtin(
    tools=FindingCustom,
    name="custom_lists",
    summary="What commands of your own are listed with.",
    commands=(in_, completing_custom(category_)),
)
