"""What a community developer needs: the contract, and how to serve and test a module."""

from waddlebot_sdk.calls import Call, CommunityInfo, Place, User
from waddlebot_sdk.checked import DeclarationWrong
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
from waddlebot_sdk.serve import serve, serve_folder
from waddlebot_sdk.web import WebAnswer, WebRequest, WebRoute, route
from waddlebot_sdk.wishes import Announce, DeleteLine, May, React, SayElsewhere, ShoutOut

__all__ = [
    "Announce",
    "Answer",
    "Call",
    "Chat",
    "Command",
    "CommunityInfo",
    "DeclarationWrong",
    "DeleteLine",
    "ExecutionMode",
    "Failed",
    "General",
    "ListEntry",
    "Listener",
    "Listing",
    "May",
    "Media",
    "Module",
    "NotUnderstood",
    "PersonalData",
    "Place",
    "React",
    "Response",
    "Role",
    "SayElsewhere",
    "Setting",
    "ShoutOut",
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
