"""What modules of the house declare as `secrets`, found where an operator sets it."""

from __future__ import annotations

from functions.catalogue import house_modules
from local.plane.keys import find_secrets
from local.settings import LocalSettings
from local.stand_ins.services import stand_in_services


def module_secrets(settings: LocalSettings) -> dict[str, str]:
    """By name; which function finds which of them set is up to its needs."""
    names = {name for module in house_modules() for name in module.secrets}
    return find_secrets(settings.home, settings.given, names)


def missing_secrets(settings: LocalSettings) -> list[str]:
    """A sentence for each module of which nobody has set all, and no stand-in answers."""
    found = module_secrets(settings)
    answered = stand_in_services(house_modules(), {**settings.given, **found})
    not_needed = {one.name for one in answered}
    return [
        f"{module.name} needs {' and '.join(missing)}, which nobody has set: write NAME=… to .env "
        f"or {settings.home / 'dev.env'} and start again. Until then what needs it is refused."
        for module in house_modules()
        if module.name not in not_needed
        and (missing := [name for name in module.secrets if name not in found])
    ]
