"""What is wrong with a house before it starts: nobody waits for servers to read of it."""

from __future__ import annotations

from local.progress import StartFailed
from local.settings import LocalSettings
from waddlebot.runtime.needs import STAND_INS


def check_start(settings: LocalSettings) -> None:
    """Raises StartFailed."""
    # Whoever is refused for a port or a folder has loaded none of it.
    from functions.catalogue import house_modules
    from functions.house_wrong import HouseModuleWrong
    from waddlebot.outside.named_answerers import StandInsWrong, read_stand_ins

    try:
        house_modules()
        read_stand_ins(settings.given.get(STAND_INS) or "")
    except (HouseModuleWrong, StandInsWrong) as wrong:
        raise StartFailed(str(wrong)) from wrong
