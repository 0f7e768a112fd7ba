"""What Discord's client asks while somebody types an option, and what it takes as choices.

Docs: "Autocomplete", "Application Command Option Choice Structure".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from local.stand_ins.asgi import Json
from local.stand_ins.platform import UnknownHappening

RESULT = 8
_SUB_COMMAND, _GROUP, _STRING = 1, 2, 3
_MOST_CHOICES, _MOST_CHARACTERS = 25, 100


def typing_in(commands: Sequence[Json], details: Mapping[str, Any]) -> Json:
    """The `data` of the interaction: the option with the cursor is `focused`.

    `details`: `command` is its path (`overlay theme`), `option` the one with the cursor, `typed`
    what stands in it, `given` what the others hold. Raises UnknownHappening: the client asks only
    for options that were registered so.
    """
    path = str(details.get("command") or "waddlebot").split()
    name, typed = str(details.get("option") or "command"), str(details.get("typed") or "")
    registered = next((one for one in commands if one["name"] == path[0]), None)
    found = list(_down(registered, path[1:])) if registered else []
    if len(found) != len(path):
        raise UnknownHappening(f"no command /{' '.join(path)} is registered.")
    known = {one["name"]: one for one in found[-1].get("options") or ()}
    if not known.get(name, {}).get("autocomplete"):
        raise UnknownHappening(f"/{' '.join(path)} has no option {name} that completes itself.")
    given = {str(key): str(value) for key, value in (details.get("given") or {}).items()}
    options = [{"name": one, "type": _STRING, "value": given[one]} for one in given]
    options.append({"name": name, "type": _STRING, "value": typed, "focused": True})
    for step in reversed(found[1:]):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    root = found[0]
    return {"id": root["id"], "name": root["name"], "type": 1, "options": options}


def _down(command: Json, path: Sequence[str]) -> Iterator[Json]:
    yield command
    for word in path:
        inside = command.get("options") or ()
        below = [one for one in inside if one["type"] in (_SUB_COMMAND, _GROUP)]
        named = [one for one in below if one["name"] == word]
        if not named:
            return
        [command] = named
        yield command


def wrong_choices(callback: Json) -> str:
    """Why Discord takes no such answer; empty where it does."""
    choices = (callback.get("data") or {}).get("choices")
    if callback.get("type") != RESULT or not isinstance(choices, list):
        return "This interaction is answered with choices alone."
    if len(choices) > _MOST_CHOICES:
        return "Must be 25 or fewer in length."
    parts = [one.get(part) for one in choices for part in ("name", "value")]
    is_good = all(isinstance(part, str) and 1 <= len(part) <= _MOST_CHARACTERS for part in parts)
    return "" if is_good else "Must be between 1 and 100 in length."
