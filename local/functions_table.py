"""`make functions`: everything deployed, as a table."""

from __future__ import annotations

from functions.catalogue import all_functions, refused_folders
from functions.declaration import AtDeploy, Door, HttpRoute, SocketRoute, Uploaded
from waddlebot.runtime.needs import (
    AnyNeed,
    Invoke,
    Master,
    MediaAddress,
    MediaFiles,
    Outside,
    Secret,
    SocketAddress,
    Sockets,
)


def main(_argv: list[str]) -> int:
    print(f"{'function':<22}{'woken by':<46}{'seconds':>7}{'MB':>6}  needs")
    for function in all_functions():
        doors = ", ".join(map(_door_words, function.doors)) or "a call"
        needs = ", ".join(sorted(map(_need_words, function.needs))) or "nothing"
        row = f"{function.name:<22}{doors[:44]:<46}{function.timeout_seconds:>7g}"
        print(f"{row}{function.memory_mb:>6}  {needs}")
    for refused in refused_folders():
        print(refused)
    return 0


def _door_words(door: Door) -> str:
    if isinstance(door, HttpRoute):
        return f"{door.method} {door.path}"
    if isinstance(door, SocketRoute):
        return f"{door.audience} {door.key}"
    if isinstance(door, AtDeploy):
        return "each deployment"
    if isinstance(door, Uploaded):
        return f"each file under {door.under}"
    return f"every {door.every_minutes} min"


def _need_words(need: AnyNeed) -> str:
    if isinstance(need, Secret):
        return need.variable
    if isinstance(need, Invoke):
        return f"call {need.function}"
    if isinstance(need, Outside):
        return f"outside {', '.join(need.hosts)}".strip()
    if isinstance(need, Master):
        return "master of the database"
    if isinstance(need, Sockets):
        return f"sockets of {need.audience}"
    if isinstance(need, SocketAddress):
        return f"address of {need.audience} sockets"
    if isinstance(need, MediaFiles):
        return f"media files: {need.may}"
    if isinstance(need, MediaAddress):
        return "address of media files"
    return need.value
