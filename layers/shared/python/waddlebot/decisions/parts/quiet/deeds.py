"""The bot is quiet in a place, or speaks there again."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker, find_place
from waddlebot.domain.entities import EntityId
from waddlebot.stores.places import Places
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role


def set_quiet(edit: Edit, asker: Asker, place: EntityId, *, quiet: bool) -> None:
    asker.check_place(place)
    asker.check_at(place, Role.MODERATOR)
    Places(edit).set_quiet(find_place(edit, asker, place), quiet)
