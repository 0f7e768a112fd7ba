"""What is kept about people, and how to have it told or forgotten."""

from __future__ import annotations

from functions.builtins.tools import Builtin, Deciding
from waddlebot.stores.erasures import ask_to_forget
from waddlebot.stores.personal_data import accounts, tell
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, command, say_command

EVERYTHING = "everything"


@command(
    "privacy",
    "Say what is kept about you, for how long, and how to have it erased.",
    example="privacy",
    private=True,
)
def privacy(_call: Call, tools: Deciding) -> Answer:
    days = tools.session.community.keep_days
    lines = f"Lines of chat are kept for {days} days" if days else "Lines of chat are not kept"
    return Chat(
        f"{lines}, commands and points earned for 30; roles, labels, points and what you had kept "
        "until you or a moderator delete it. Moderators can ask why a line did what it did; "
        "nothing leaves the servers of whoever runs me. See what there is: "
        f"{say_command('privacy mine')}. Have it erased: {say_command('privacy erase')}"
    )


@command(
    "privacy mine",
    "Count what is kept about you.",
    example="privacy mine",
    private=True,
    per_minute=5,
)
def mine(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    counts: dict[str, int] = {}
    with tools.postgres.writer() as connection:
        for platform, user in accounts(connection, call.entity.platform, call.user.id):
            for table, rows in tell(connection, platform, user).items():
                counts[table] = counts.get(table, 0) + len(rows)
    told = ", ".join(f"{count} in {table}" for table, count in counts.items() if count)
    return Chat(
        f"About you there are {told or 'no rows'}, and what modules keep for you. Whoever runs me "
        f"can give you all of it: waddlebot person export {call.entity.platform}:{call.user.id}"
    )


@command(
    "privacy erase [everything]",
    "Have all that is kept about you erased, on every platform that you linked.",
    example="privacy erase everything",
    private=True,
    per_minute=5,
)
def erase(call: Call, tools: Deciding) -> Answer:
    if call.user is None:
        return None
    if call.arguments.get(EVERYTHING, "").lower() != EVERYTHING:
        how = say_command(f"privacy erase {EVERYTHING}")
        return Chat(
            "That takes your lines, points, roles, labels, notes, reminders and linked accounts, "
            f"in every community, and nobody can bring it back: {how}"
        )
    platform, user = call.entity.platform, call.user.id

    def ask(edit: Edit) -> str:
        asked = ask_to_forget(edit.connection, platform, user)
        many = "account" if asked == 1 else "accounts"
        return (
            f"You are forgotten within minutes ({asked} {many}). What you write from now on is "
            "kept as before. Quotes stay the community's, without your name."
        )

    return tools.change(call, ask)


MODULE = Builtin(
    tools=Deciding,
    name="privacy",
    summary="What is kept about people.",
    commands=(privacy, mine, erase),
)
