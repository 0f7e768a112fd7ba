"""Where the servers' data lies, and as whom they run.

PostgreSQL refuses to run as root, so for root the servers run as `nobody`, who must be able to
reach the data. Modes of folders that are not ours are never changed: where the way is closed, the
data lies in a folder of our own and `plane/elsewhere` in the home names it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.plane.failures import PlaneFailed
from local.plane.leftovers import end_leftovers

if TYPE_CHECKING:
    from collections.abc import Iterator

# Not /var/tmp: systems sweep old files out of it, and that would take single tables away.
ELSEWHERE = Path("/var/lib/waddlebot")
BACK = "plane"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemUser:
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    data: Path
    logs: Path
    account: SystemUser | None  # None: the servers run as we do

    def folder(self, name: str) -> Path:
        """A folder that belongs to the servers alone."""
        folder = self.data / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self.give(folder)
        return folder

    def fresh_folder(self, name: str) -> Path:
        self.remove(self.data / name)
        return self.folder(name)

    def remove(self, folder: Path) -> None:
        if folder.exists():
            shutil.rmtree(folder)

    def secret_file(self, name: str, text: str) -> Path:
        """Replaced as a whole, readable for the servers alone."""
        path, new = self.data / name, self.data / f"{name}.new"
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
        self.give(new)
        return new.replace(path)

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)


def prepare_ground(home: Path) -> Ground:
    """`home` holds the folder `plane` by now."""
    logs = home / "logs"
    logs.mkdir(exist_ok=True)
    account = account_of_servers()
    plane = home / "plane"
    if account is None:
        return Ground(data=plane.resolve(), logs=logs, account=None)
    return Ground(data=reachable_data(plane, account), logs=logs, account=account)


def account_of_servers() -> SystemUser | None:
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise PlaneFailed(
            "PostgreSQL does not run as root and this machine has no user `nobody` to run it as. "
            "Add one, or start as an ordinary user."
        ) from None
    return SystemUser(uid=nobody.pw_uid, gid=nobody.pw_gid)


def reachable_data(plane: Path, account: SystemUser) -> Path:
    pointer = plane / "elsewhere"
    if not pointer.exists() and is_reachable(plane, account):
        return plane.resolve()
    data = elsewhere(plane)
    refuse_moved(pointer, data)
    pointer.write_text(f"{data}\n")
    for folder in (ELSEWHERE, data):
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        refuse_foreign(folder)
    # The way back: a home that is removed by hand leaves data that nobody else could explain.
    (data / BACK).write_bytes(os.fsencode(plane.resolve()))
    return data


def refuse_moved(pointer: Path, data: Path) -> None:
    """Two homes with one set of data would end each other's servers."""
    before = Path(pointer.read_text().strip()) if pointer.exists() else data
    if before != data and before.exists():
        raise PlaneFailed(
            f"{pointer.parent} was moved or copied here; its data still lies in {before}. "
            f"To keep it: mv {before} {data}. To begin anew: rm {pointer}"
        )


def elsewhere(plane: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(plane.resolve())).hexdigest()
    return ELSEWHERE / digest[:12]


def abandoned_data() -> Iterator[tuple[Path, Path]]:
    """Folders in ELSEWHERE that nothing reads any more, each with its home that is gone."""
    for data in sorted(ELSEWHERE.glob("*")):
        with contextlib.suppress(OSError):  # of a release that left no way back, or not ours
            plane = Path(os.fsdecode((data / BACK).read_bytes()))
            if not (plane / "elsewhere").exists():
                yield data, plane.parent


def is_reachable(path: Path, account: SystemUser) -> bool:
    """Whether every folder on the way may be passed; access lists beyond the mode do not count."""
    real = path.resolve()
    return all(may_pass(folder.stat(), account) for folder in (real, *real.parents))


def may_pass(folder: os.stat_result, account: SystemUser) -> bool:
    if folder.st_uid == account.uid:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == account.gid:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)


def refuse_foreign(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != 0 or found.st_mode & 0o022:
        raise PlaneFailed(f"{folder} is not a folder that only root can write. Move it away.")


def forget_data(home: Path) -> None:
    plane = home / "plane"
    away = elsewhere(plane)
    for folder in (plane.resolve(), away):
        end_leftovers(folder)
    if os.geteuid() == 0 and away.exists():
        shutil.rmtree(away)
    shutil.rmtree(plane)
