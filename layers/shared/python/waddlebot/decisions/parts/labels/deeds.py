"""Labels on people and things: made, hung, taken, dropped."""

from __future__ import annotations

from datetime import datetime

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.own_things import find_own_thing
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.labels import USUAL_COLOR, Label, Labelled, read_color, read_label_name
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.labels import Labels, Thing
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MOST_ID_CHARACTERS = 255


def make_label(edit: Edit, asker: Asker, *, name: str, color: str = USUAL_COLOR) -> Label:
    asker.check_everywhere(Role.MODERATOR, "A label")
    label = Label(name=read_label_name(name), color=read_color(color))
    if DeclaredCommands(edit.connection).label_opens(label.name) is False:
        words = (
            f"A label '{label.name}' would give nobody anything, though it is called like a "
            "command. Choose another name; the label 'memories' lets people keep quotes."
        )
        raise Refusal(words, code="LABEL_OPENS_NOTHING", field="name")
    Labels(edit, asker.community).make(label.name, label.color)
    return label


def recolor_label(edit: Edit, asker: Asker, *, name: str, color: str) -> Label:
    asker.check_everywhere(Role.MODERATOR, "A label")
    label = Label(name=read_label_name(name), color=read_color(color))
    Labels(edit, asker.community).recolor(label.name, label.color)
    return label


def drop_label(edit: Edit, asker: Asker, *, name: str) -> int:
    """It, and from everything it hangs on; how many that were."""
    asker.check_everywhere(Role.MODERATOR, "A label")
    return Labels(edit, asker.community).drop(read_label_name(name))


def hang_label(
    edit: Edit,
    asker: Asker,
    *,
    thing: Thing,
    name: str,
    until: datetime | None = None,
    is_member: bool = False,
) -> str:
    """For good, or `until` then; the label's name as names are compared.

    `is_member`: the platform says that this person is in a server of the community's.

    Raises Refusal, also where the thing is not this community's; whose it is is not told.
    """
    asker.check_home(Role.MODERATOR)
    read, ours = (
        read_label_name(name),
        find_own_thing(edit, asker, read_thing(thing.kind, thing.id), is_member=is_member),
    )
    Labels(edit, asker.community).apply(ours, read, until=until)
    return read


def take_label(edit: Edit, asker: Asker, *, thing: Thing, name: str) -> str:
    """Also from what is the community's no more."""
    asker.check_home(Role.MODERATOR)
    read = read_label_name(name)
    Labels(edit, asker.community).take(read_thing(thing.kind, thing.id), read)
    return read


def read_thing(kind: Labelled, id_: str) -> Thing:
    """Raises Refusal."""
    if len(id_) > MOST_ID_CHARACTERS or not id_.isprintable():
        words = f"An id has {MOST_ID_CHARACTERS} characters at most, and each can be seen."
        raise Refusal(words, Because.WRONG, field="thing")
    if bool(id_) is (kind is Labelled.COMMUNITY):
        words = "An id is needed, and for the community itself none."
        raise Refusal(words, Because.WRONG, field="thing")
    return Thing(kind=kind, id=id_)
