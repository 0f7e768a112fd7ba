"""What each platform sends, how it signs it, and how it is answered; a platform is one folder.

Importing this is light: no chat SDK, no cryptography, until a platform's own file asks for it.
"""

from __future__ import annotations

import importlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from waddlebot.domain.entities import EntityId, parse_entity
from waddlebot.domain.errors import Rejected
from waddlebot.platforms.abilities import Abilities

if TYPE_CHECKING:  # ingress dresses nothing
    from waddlebot.platforms.dress import Dress

_GENERIC = Abilities(name="", most_characters=2000, most_messages=2)


@cache
def platform_names() -> frozenset[str]:
    """Those that have a folder here."""
    import pkgutil  # ingress asks for none

    return frozenset(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg)


@lru_cache(maxsize=64)
def find_abilities(platform: str) -> Abilities:
    """What a platform can do; modest defaults for one that reaches us through the API alone."""
    if not platform.isidentifier():
        return _GENERIC
    try:
        folder = importlib.import_module(f"waddlebot.platforms.{platform}")
    except ModuleNotFoundError:
        return _GENERIC
    abilities: object = getattr(folder, "ABILITIES", _GENERIC)
    return abilities if isinstance(abilities, Abilities) else _GENERIC


@lru_cache(maxsize=64)
def find_dress(platform: str) -> Dress:
    """How an answer is dressed there; as it stands where nothing is markup."""
    from waddlebot.platforms.dress import Dress

    if not platform.isidentifier():
        return Dress()
    try:
        file = importlib.import_module(f"waddlebot.platforms.{platform}.dress")
    except ModuleNotFoundError:
        return Dress()
    dress: object = getattr(file, "DRESS", None)
    return dress if isinstance(dress, Dress) else Dress()


def place_called(text: str) -> EntityId:
    """The place that somebody means by this, in the one spelling that it has here.

    Raises:
        Rejected: 400, it is no place, or of a platform that nobody serves.
    """
    kind, colon, name = text.rpartition(":")
    text = f"{kind.lower()}{colon}{name}"
    platform = parse_entity(text).platform
    if platform not in platform_names():
        known = ", ".join(sorted(platform_names()))
        raise Rejected(
            400,
            "UNKNOWN_PLATFORM",
            f"There is no platform '{platform}' here, only {known}.",
            details={"field": "entity_id", "valid": sorted(platform_names())},
        )
    abilities = find_abilities(platform)
    if abilities.small_names:
        name = name.lower()
    elif abilities.capital_names:
        name = name.upper()
    return EntityId(f"{kind.lower()}:{name}")
