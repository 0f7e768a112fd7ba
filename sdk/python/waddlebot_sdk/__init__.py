"""What a community developer needs: the contract, and how to serve and test a module.

A file is loaded when one of its names is first asked for: whoever needs a role pays for no more.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from waddlebot_sdk.asks import Button, Buttons, Field, Form, Option, Select, Style, Terms
    from waddlebot_sdk.calls import Call, CommunityInfo, Place, User
    from waddlebot_sdk.checked import DeclarationWrong
    from waddlebot_sdk.completions import Choice
    from waddlebot_sdk.door import serve, serve_folder
    from waddlebot_sdk.folder import with_code
    from waddlebot_sdk.listings import ListEntry, Listing
    from waddlebot_sdk.module import (
        Answer,
        Command,
        ExecutionMode,
        Listener,
        Module,
        NotUnderstood,
        PersonalData,
        Setting,
        command,
        on,
    )
    from waddlebot_sdk.own_words import say_command
    from waddlebot_sdk.responses import Chat, Failed, General, Media, Response, Ticker
    from waddlebot_sdk.roles import Role
    from waddlebot_sdk.web import WebAnswer, WebRequest, WebRoute, route
    from waddlebot_sdk.wishes import Announce, DeleteLine, May, React, SayElsewhere, ShoutOut
else:
    _FILES = {
        "asks": ("Button", "Buttons", "Field", "Form", "Terms", "Option", "Select", "Style"),
        "calls": ("Call", "CommunityInfo", "Place", "User"),
        "checked": ("DeclarationWrong",),
        "completions": ("Choice",),
        "door": ("serve", "serve_folder"),
        "folder": ("with_code",),
        "listings": ("ListEntry", "Listing"),
        "module": (
            "Answer",
            "Command",
            "ExecutionMode",
            "Listener",
            "Module",
            "NotUnderstood",
            "PersonalData",
            "Setting",
            "command",
            "on",
        ),
        "own_words": ("say_command",),
        "responses": ("Chat", "Failed", "General", "Media", "Response", "Ticker"),
        "roles": ("Role",),
        "web": ("WebAnswer", "WebRequest", "WebRoute", "route"),
        "wishes": ("Announce", "DeleteLine", "May", "React", "SayElsewhere", "ShoutOut"),
    }
    _FILE_OF = {name: file for file, names in _FILES.items() for name in names}

    def __getattr__(name: str) -> object:
        if name not in _FILE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(importlib.import_module(f"{__name__}.{_FILE_OF[name]}"), name)
        globals()[name] = found
        return found


__all__ = [
    "Announce",
    "Answer",
    "Button",
    "Buttons",
    "Call",
    "Chat",
    "Choice",
    "Command",
    "CommunityInfo",
    "DeclarationWrong",
    "DeleteLine",
    "ExecutionMode",
    "Failed",
    "Field",
    "Form",
    "General",
    "ListEntry",
    "Listener",
    "Listing",
    "May",
    "Media",
    "Module",
    "NotUnderstood",
    "Option",
    "PersonalData",
    "Place",
    "React",
    "Response",
    "Role",
    "SayElsewhere",
    "Select",
    "Setting",
    "ShoutOut",
    "Style",
    "Terms",
    "Ticker",
    "User",
    "WebAnswer",
    "WebRequest",
    "WebRoute",
    "command",
    "on",
    "route",
    "say_command",
    "serve",
    "serve_folder",
    "with_code",
]
