"""Pictures and sounds of the community: which there are, shown in OBS, removed. They are uploaded
over the API."""

from __future__ import annotations

from functions.builtins.paging import say_page
from functions.builtins.tools import Builtin, Showing
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.media_files import how_it_is, remove_media, show_media
from waddlebot.domain.media_files import MediaFile, MediaState
from waddlebot.stores.media_files import list_media
from waddlebot.stores.versions import Edit
from waddlebot_sdk import Answer, Call, Chat, Role, command, say_command

LIST = say_command("media list")
NONE = (
    "There are no pictures and sounds here. A moderator uploads them over the API: "
    "POST /api/communities/{id}/media"
)


@command(
    "media list [page]",
    "List the pictures and sounds of this community.",
    also=("media",),
    example="media list",
    per_minute=20,
)
def list_(call: Call, tools: Showing) -> Answer:
    files = list_media(tools.postgres, tools.session.community.id)
    if not files:
        return Chat(NONE)
    return Chat(say_page([_line(one) for one in files], call, again=LIST))


@command(
    "media show <name>",
    "Show a picture in OBS, or play a sound: on the source general.",
    example="media show tada",
    role=Role.MODERATOR,
    per_minute=20,
)
def show(call: Call, tools: Showing) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        name, execution = call.arguments["name"], call.execution_id
        file = show_media(edit, asker, title=name, now=tools.now, call=execution)
        return f"{file.title} is on general now."

    return tools.show_now(call, decide)


@command(
    "media remove <name>",
    "Remove a picture or a sound. It is gone for good within minutes.",
    example="media remove tada",
    role=Role.MODERATOR,
    per_minute=20,
)
def remove(call: Call, tools: Showing) -> Answer:
    def decide(edit: Edit, asker: Asker) -> str:
        return f"{remove_media(edit, asker, title=call.arguments['name']).title} is removed."

    return tools.decide(call, decide)


def _line(file: MediaFile) -> str:
    if file.state is not MediaState.READY:
        return f"{file.title}: {how_it_is(file)}"
    long = f"{file.seconds:.1f} s" if file.seconds else f"{file.width} by {file.height}"
    return f"{file.title} ({file.kind}, {long})"


MODULE = Builtin(
    tools=Showing,
    name="media",
    summary="Pictures and sounds of this community, for OBS.",
    commands=(list_, show, remove),
)
