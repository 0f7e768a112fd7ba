"""Every sentence about welcomes; nothing here decides anything."""

from __future__ import annotations

from functions.modules.welcome.kept_welcome import Welcome
from waddlebot.domain.first_lines import MOST_A_MINUTE
from waddlebot_sdk import say_command

USUAL = "Welcome, $(user)! Good to have you here."
EXAMPLE = "welcome text Welcome to {community}, {user}!"


def state(welcome: Welcome, preview: str, *, here: str) -> str:
    """What holds, and what to type next."""
    if not welcome.is_on:
        return (
            f"Nobody is welcomed yet. They would read: {preview} Switch it on: "
            f"{say_command('welcome on')} for whoever writes here for the first time, "
            f"{say_command('welcome join on')} for whoever joins. Another text: "
            f"{say_command(EXAMPLE)}"
        )
    return (
        f"{_whom(welcome)} is welcomed {where(welcome, here=here)}, {MOST_A_MINUTE} people a "
        f"minute at most. They read: {preview} Another text: {say_command(EXAMPLE)}. "
        f"Elsewhere: {say_command('welcome in <place>')}. Off: {_off(welcome)}"
    )


def _whom(welcome: Welcome) -> str:
    if welcome.first_lines and welcome.joins:
        return "Whoever joins, or writes for the first time,"
    return "Whoever writes for the first time" if welcome.first_lines else "Whoever joins"


def _off(welcome: Welcome) -> str:
    lines, joins = say_command("welcome off"), say_command("welcome join off")
    if welcome.first_lines and welcome.joins:
        return f"{lines} and {joins}"
    return lines if welcome.first_lines else joins


def where(welcome: Welcome, *, here: str) -> str:
    if not welcome.place:
        return "where that happens"
    if welcome.place == here:
        return "here"
    return f"in {welcome.place_name or 'another channel'}"


def switched_on(welcome: Welcome, preview: str, *, here: str) -> str:
    return (
        f"From now on whoever writes for the first time is welcomed {where(welcome, here=here)}; "
        f"whom I know already is not. They read: {preview} Another text: {say_command(EXAMPLE)}"
    )


def switched_off() -> str:
    return (
        "Whoever writes for the first time is not welcomed any more. "
        f"Again: {say_command('welcome on')}"
    )


def joins_on(welcome: Welcome, preview: str, *, here: str) -> str:
    if welcome.place:
        said_there = where(welcome, here=here)
    else:
        said_there = "where the platform shows who joins"
    return (
        f"From now on whoever joins a server or workspace of this community is welcomed "
        f"{said_there}. They read: {preview} In one channel: {say_command('welcome in <place>')}"
    )


def joins_off() -> str:
    return f"Whoever joins is not welcomed any more. Again: {say_command('welcome join on')}"


def text_kept(welcome: Welcome, preview: str) -> str:
    kept = f"Kept. You would read: {preview}"
    if welcome.is_on:
        return f"{kept} As it was at first: {say_command('welcome text usual')}"
    return f"{kept} Nobody is welcomed yet: {say_command('welcome on')}"


def placed(welcome: Welcome, *, here: str) -> str:
    kept = f"Newcomers are welcomed {where(welcome, here=here)}."
    if welcome.place not in {"", here}:
        kept += f" Should I say nothing there now, type {say_command('welcome in here')} there."
    if not welcome.is_on:
        return f"{kept} Nobody is yet: {say_command('welcome on')}"
    if welcome.place:
        usual = say_command("welcome in usual")
        return f"{kept} Where they wrote or came, as usual: {usual}"
    return f"{kept} In one channel: {say_command('welcome in here')}"


def named_here() -> str:
    usual = say_command("welcome in usual")
    return f"Newcomers are welcomed here from now on. Where they wrote, as usual: {usual}"


def no_text() -> str:
    return f"And what do newcomers read? Example: {say_command(EXAMPLE)}"


def too_long(most: int) -> str:
    return f"A welcome has {most} characters at most. Say it shorter: {say_command(EXAMPLE)}"


def wrong_variable(why: str) -> str:
    return f"{why} Then say it again: {say_command(EXAMPLE)}"


def nobody_types(variable: str) -> str:
    return (
        f"$({variable}) needs somebody who types a command, and nobody does here. "
        f"There are {{user}}, {{community}}, $(time) and $(random.pick …): {say_command(EXAMPLE)}"
    )


def no_place(typed: str) -> str:
    return (
        f"'{typed[:30]}' is no channel that I can read. Type its #name on Discord or Slack, or "
        f"{say_command('welcome in here')} in the channel itself"
    )


def not_in_private() -> str:
    return f"Newcomers read nothing here. Type it in a channel: {say_command('welcome in here')}"


def on_or_off(typed: str) -> str:
    return (
        f"'{typed[:20]}' is neither on nor off. Type {say_command('welcome join on')} or "
        f"{say_command('welcome join off')}"
    )
