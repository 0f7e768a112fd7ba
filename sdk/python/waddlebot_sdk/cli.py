"""The `waddlebot` command: `run` of its own, and the verbs that other packages add.

A package adds a verb by an entry point of the group `waddlebot.verbs` that names a
`main(argv: list[str]) -> int`; it is loaded only when it is called.
"""

from __future__ import annotations

import argparse
import difflib
import re
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import entry_points, version

from waddlebot_sdk.asks import Ask, Buttons, Form, Select
from waddlebot_sdk.checked import DeclarationWrong
from waddlebot_sdk.closed_pipe import quietly
from waddlebot_sdk.dialogue import Dialogue, find_typed
from waddlebot_sdk.module import Module
from waddlebot_sdk.module_folders import FoundModule, find_modules
from waddlebot_sdk.responses import Chat, Failed, General, Media, Response, Ticker
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import Announce, DeleteLine, React, SayElsewhere, ShoutOut, Wish

Verb = Callable[[list[str]], int]

_DESCRIPTION = re.compile(r"`waddlebot ([^`]+)`: (.+)")
"""Of a verb's file: the first line of its docstring."""


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0 done, 1 refused or failed, 2 not understood, 141 nobody reads on."""
    return quietly(partial(_carry_out, (sys.argv[1:] if argv is None else argv) or ["--help"]))


def _carry_out(argv: Sequence[str]) -> int:
    verb, *rest = argv
    if verb in ("-h", "--help", "help"):
        print(help_text())
        return 0
    if verb in ("-V", "--version", "version"):
        print(f"waddlebot {version('waddlebot')}")
        return 0
    if load := all_verbs().get(verb):
        return load()(rest)
    return _not_understood(f"waddlebot has no verb '{verb}'", verb, [*all_verbs()])


def all_verbs() -> Mapping[str, Callable[[], Verb]]:
    """Each verb by name, with what loads it."""
    joined = {found.name: found.load for found in entry_points(group="waddlebot.verbs")}
    return {**joined, "run": lambda: run}


def help_text() -> str:
    """A line for each verb, as the first line of its file says it."""
    own = ('run "#roll 2d6"', "call a module of this folder and print what chat would show")
    joined = [_described(name, load) for name, load in sorted(all_verbs().items()) if name != "run"]
    width = max(len(usage) for usage, _ in (own, *joined))
    return "\n".join(
        [
            "usage: waddlebot <verb> …",
            "",
            *(f"  {usage:<{width}}  {what}" for usage, what in (own, *joined)),
            "",
            "waddlebot <verb> --help says more of one; waddlebot --version says which this is.",
        ]
    )


def _described(name: str, load: Callable[[], Verb]) -> tuple[str, str]:
    """How it is typed, and what it does."""
    try:
        text = sys.modules[load().__module__].__doc__ or ""
    except Exception as error:  # noqa: BLE001 - a stranger's verb may break in any way
        return name, f"could not be loaded: {error}"
    found = _DESCRIPTION.match(text)
    return (found[1], found[2].rstrip(".")) if found else (name, f"see: waddlebot {name} --help")


def run(argv: list[str]) -> int:
    """`waddlebot run "#roll 2d6" --as Ana --role moderator`: one line of chat, in this process."""
    asked = _run_arguments().parse_args(argv)
    found = find_modules()
    owner = next((one for one in found if one.module and find_typed(one.module, asked.line)), None)
    if owner is None or owner.module is None:
        return _no_such_command(asked.line, found)
    if not owner.module.community:
        return _needs_a_platform(owner.module, asked.line)
    try:
        module = owner.loaded()
    except Exception as error:  # noqa: BLE001  whatever a developer's file raises is named
        print(f"{owner.name} could not be loaded: {_in_words(error)}", file=sys.stderr)
        return 1
    for response in _answers(module, asked):
        print(as_shown(response))
    return 0


def as_shown(response: Response) -> str:
    """A response as somebody in a terminal reads it; what is not chat says where it goes."""
    match response:
        case Chat(text=text, private=True):
            return f"(to you alone) {text}"
        case Chat(text=text):
            return text
        case Ticker(text=text, seconds=seconds):
            return f"[overlay, {seconds} s] {text}"
        case Media(media_type=kind, media_url=url):
            return f"[overlay, {kind}] {url}"
        case General(content=content, seconds=seconds):
            return f"[overlay, {seconds} s] {content}"
        case Failed(say=say, error=error):
            return f"{say} (failed: {error or 'no reason given'})"
        case Buttons() | Select() | Form():
            return _as_offered(response)
        case _:
            return _as_wished(response)


def _as_offered(ask: Ask) -> str:
    match ask:
        case Buttons(text=text, buttons=buttons):
            return f"{text} {' '.join(f'[{one.label}]' for one in buttons)}"
        case Select(text=text, options=options):
            return f"{text} [choose: {' | '.join(one.label for one in options)}]"
        case Form(title=title, fields=fields):
            return f"[a form, {title}: {', '.join(one.label for one in fields)}]"


def _as_wished(wish: Wish) -> str:
    match wish:
        case Announce(text=text):
            return f"[announced] {text}"
        case React(emoji=emoji):
            return f"[reacts to your line] {emoji}"
        case DeleteLine():
            return "[deletes your line]"
        case ShoutOut(person=person):
            return f"[gives a shoutout] {person}"
        case SayElsewhere(text=text, place=place):
            return f"[says in {place}] {text}"


def _in_words(error: Exception) -> str:
    named = "" if isinstance(error, DeclarationWrong) else f"{type(error).__name__}: "
    return f"{named}{error}"


def _run_arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="waddlebot run",
        description="Call a module of this folder and print what chat would show.",
    )
    parser.add_argument("line", help='what is typed in chat, for example "#roll 2d6"')
    parser.add_argument("--as", dest="name", default="Ana", help="who types it")
    parser.add_argument("--role", default=Role.USER.value, choices=[role.value for role in Role])
    return parser


def _answers(module: Module[None], asked: argparse.Namespace) -> list[Response]:
    chat = Dialogue(module, None, now=datetime.now(UTC), seed=secrets.token_hex(8))
    chat.says(asked.name, asked.line, role=asked.role)
    return chat.answers


def _needs_a_platform(module: Module[None], line: str) -> int:
    print(
        f"{module.name} keeps data: start `make run` and talk to it with `make chat`, "
        f"for example: echo '{line}' | make chat as=ana",
        file=sys.stderr,
    )
    return 1


def _no_such_command(line: str, found: Sequence[FoundModule]) -> int:
    for broken in (one for one in found if one.problem):
        print(f"{broken.name} could not be loaded: {broken.problem}", file=sys.stderr)
    modules = [one.module for one in found if one.module]
    if not modules:
        print(
            "There is no module here. Go to a folder with a waddlebot.toml, or to one that has "
            "functions/modules/.",
            file=sys.stderr,
        )
        return 2
    typed = {f"{one.prefix}{path}" for one in modules for it in one.commands for path in it.paths}
    first_word = line.partition(" ")[0]
    status = _not_understood(f"No module here answers '{line}'", first_word, sorted(typed))
    for module in modules:
        usages = ", ".join(f"{module.prefix}{command.usage}" for command in module.commands)
        print(f"  {module.name}: {usages}", file=sys.stderr)
    return status


def _not_understood(what: str, typed: str, known: Sequence[str]) -> int:
    nearest = difflib.get_close_matches(typed, known, n=1, cutoff=0.5)
    hint = f"Did you mean '{nearest[0]}'?" if nearest else f"Known: {', '.join(sorted(known))}."
    print(f"{what}. {hint}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
