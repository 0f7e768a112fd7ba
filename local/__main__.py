"""`python -m local VERB`: what the Makefile calls."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from functools import partial
from typing import NoReturn

VERBS = {
    "run": "local.run",
    "chat": "local.chat",
    "doctor": "local.doctor",
    "logs": "local.logs",
    "reset": "local.reset",
    "functions": "local.functions_table",
    "commands": "local.commands_page",
    "description": "local.api_description",
    "new-module": "local.new_module",
}


INTERRUPTED = 130
"""As the shell counts it."""


def main(argv: list[str]) -> int:
    if not argv or argv[0] not in VERBS:
        print(f"usage: python -m local {'|'.join(VERBS)}", file=sys.stderr)
        return 2
    try:
        from waddlebot_sdk.closed_pipe import quietly

        return quietly(partial(_carry_out, argv))
    except KeyboardInterrupt:
        return INTERRUPTED


def _carry_out(argv: list[str]) -> int:
    # Imported here, so that Ctrl-C meets no stack trace however early it comes.
    from functions.house_wrong import HouseModuleWrong
    from local.progress import complain
    from local.settings import SettingWrong

    try:
        verb: int = importlib.import_module(VERBS[argv[0]]).main(argv[1:])
    except (SettingWrong, HouseModuleWrong) as wrong:
        return complain(str(wrong))
    return verb


def end(code: int) -> NoReturn:
    """Ends with this code.

    A Ctrl-C that meets an `exec` of text, and each dataclass is made by one, is remembered by
    CPython: after `python -m` it ends by that signal, whoever caught it and whatever was returned.
    """
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # a terminal that is gone
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    end(main(sys.argv[1:]))
