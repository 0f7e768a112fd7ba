"""The gateway's process as ECS would start it: the task definition's environment and user.

Without its image: the packages are those of this machine's `.venv`, the code lies in the checkout.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.rehearsal.emulator import Emulator
from infra.rehearsal.own_packages import ROOT
from infra.rehearsal.processes import Running

SEES_FILES = "+dac_read_search"
"""Root's home may be closed to the task's user, and Python lies in it: it reads, nothing more."""
WHERE = ("PATH", "LANG")


def start_gateway(
    container: Mapping[str, Any], logs: Path, *, elsewhere: Mapping[str, str]
) -> Running:
    """`elsewhere` is where AWS and Twitch are on this machine, and whose keys the task has."""
    return Running(
        "gateway",
        [*_as_user(str(container["user"])), sys.executable, "-B", "-m", "gateway_bot"],
        logs=logs,
        environment={
            **{name: os.environ[name] for name in WHERE if name in os.environ},
            **{one["name"]: one["value"] for one in container["environment"]},
            **elsewhere,
        },
        folder=ROOT,
    )


def container_of(emulator: Emulator) -> dict[str, Any]:
    """Of the newest task definition."""
    ecs = emulator.client("ecs")
    arns = ecs.list_task_definitions(sort="DESC")["taskDefinitionArns"]
    told = ecs.describe_task_definition(taskDefinition=arns[0])["taskDefinition"]
    containers: list[dict[str, Any]] = told["containerDefinitions"]
    return containers[0]


def _as_user(user: str) -> list[str]:
    """Only root can become somebody else; who is not stays who they are."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or not setpriv:
        return []
    number, _, group = user.partition(":")
    become = ["--reuid", number, "--regid", group or number, "--clear-groups"]
    return [setpriv, *become, "--inh-caps", SEES_FILES, "--ambient-caps", SEES_FILES]
