"""What the servers of one home share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.plane.ground import Ground
    from local.plane.processes import Launcher
    from local.plane.programs import Programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    ground: Ground
    programs: Programs
    launcher: Launcher
    keys: Mapping[str, str]  # of dev.env
