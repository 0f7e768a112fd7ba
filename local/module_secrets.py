"""What modules of the house declare as `secrets`, found where the operator sets it."""

from __future__ import annotations

from functions.catalogue import house_modules
from local.plane.keys import find_secrets
from local.settings import LocalSettings


def module_secrets(settings: LocalSettings) -> dict[str, str]:
    """By name; which function finds which of them set is up to its needs."""
    names = {name for module in house_modules() for name in module.secrets}
    return find_secrets(settings.home, settings.given, names)
