"""What a community sets for itself and for its modules."""

from __future__ import annotations

from dataclasses import dataclass

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.domain.community_facts import EVENTS_CHANNEL
from waddlebot.domain.entities import EntityId, is_whole_server, parse_entity
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_settings import OWN_SETTINGS, Value
from waddlebot.domain.reputation import EVENTS, MOST_POINTS, POINTS
from waddlebot.stores.command_rows import DeclaredCommands
from waddlebot.stores.opening import open_places
from waddlebot.stores.set_values import SettingValue
from waddlebot.stores.settings import NAMES, OURS, CommunitySettings
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MOST_CHARACTERS = 500
MOST_NUMBER = 2**53
"""Beyond it, readers of JSON disagree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged:
    before: Value
    after: Value


def change_setting(edit: Edit, asker: Asker, *, key: str, value: str | None) -> SettingChanged:
    """One of OWN_SETTINGS, `value` as it was typed; None is as usual."""
    asker.check_everywhere(Role.ADMIN)
    edit.hold(asker.community)
    setting, settings = OWN_SETTINGS[key], CommunitySettings(edit)
    if value is not None and setting.joined:
        before = settings.find(asker.community, OURS, key) or setting.usual
        value = setting.joined(str(before), value)
    read = setting.usual if value is None else setting.read(value)
    return SettingChanged(before=settings.set_own(asker.community, key, read), after=read)


def set_moderators_channel(edit: Edit, asker: Asker, place: EntityId | None) -> None:
    """Where moderators read what rules did; None: nowhere."""
    CommunitySettings(edit).set_moderators_channel(
        asker.community, _find_channel(edit, asker, place)
    )


def set_events_channel(edit: Edit, asker: Asker, place: EntityId | None) -> None:
    """Where answers to what happens to a whole server are said; None: nowhere but privately."""
    settings, found = CommunitySettings(edit), _find_channel(edit, asker, place)
    edit.hold(asker.community)
    if found is not None:
        settings.set(asker.community, OURS, EVENTS_CHANNEL, found)
    elif settings.find(asker.community, OURS, EVENTS_CHANNEL) is not None:
        settings.clear(asker.community, OURS, EVENTS_CHANNEL)


def _find_channel(edit: Edit, asker: Asker, place: EntityId | None) -> EntityId | None:
    asker.check_everywhere(Role.ADMIN)
    if place is not None and _is_next_door(asker, place):
        open_places(edit.connection, [place])  # nobody has spoken there yet, perhaps
    found = None if place is None else find_place(edit, asker, place)
    if found is not None and is_whole_server(found):
        words = f"{found[:80]} is a whole server: name one of its channels."
        raise Refusal(words, Because.WRONG, code="UNKNOWN_PLACE", field="place")
    return found


def _is_next_door(asker: Asker, place: EntityId) -> bool:
    """Another channel of the server where they ask."""
    at = parse_entity(asker.entity) if asker.entity else None
    if at is None or at.server is None:
        return False
    return place.startswith(f"{at.platform}:channel:{at.server}/")


def set_points(edit: Edit, asker: Asker, *, event: str, points: SettingValue | None) -> int:
    """What an event is worth here; None: as everywhere. Returns what it is worth now."""
    asker.check_everywhere(Role.ADMIN)
    edit.hold(asker.community)
    settings = CommunitySettings(edit)
    if points is None:
        if settings.find(asker.community, POINTS, event) is None:
            raise Refusal(f"{event} is worth what it is everywhere.", code="AS_USUAL")
        settings.clear(asker.community, POINTS, event)
        return EVENTS.get(event, 0)
    if event not in EVENTS:
        words = f"There are points for {', '.join(EVENTS)}."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_EVENT")
    if not isinstance(points, int) or isinstance(points, bool) or abs(points) > MOST_POINTS:
        words = f"Say a whole number, at most {MOST_POINTS:,}."
        raise Refusal(words, Because.WRONG, field="points")
    settings.set(asker.community, POINTS, event, points)
    return points


def set_module_setting(
    edit: Edit, asker: Asker, *, module: str, key: str, value: SettingValue | None
) -> None:
    """What the community wants of a module; None: as the module has it."""
    asker.check_everywhere(Role.ADMIN)
    settings = CommunitySettings(edit)
    if value is None:
        settings.clear(asker.community, module, key)
        return
    # What the house keeps beside them under names of its own has deeds of its own.
    if module in {OURS, NAMES} or not DeclaredCommands(edit.connection).has_module(module):
        words = f"There is no module '{module[:40]}'."
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_MODULE")
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        words = f"A setting has {MOST_CHARACTERS} characters at most."
        raise Refusal(words, Because.WRONG, field=key)
    if isinstance(value, int) and abs(value) >= MOST_NUMBER:
        words = f"A setting's number is less than {MOST_NUMBER:,}."
        raise Refusal(words, Because.WRONG, field=key)
    settings.set(asker.community, module, key, value)
