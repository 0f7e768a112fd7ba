"""Becomes one server that cannot outlive its launcher.

    python -I -S -B tether.py SIGNAL LAUNCHER_PID UID:GID|- PROGRAM [ARGUMENT ...]

A program of its own: in a process that has threads, no Python code is safe between fork and exec.
"""

from __future__ import annotations

import ctypes
import os
import sys

CANNOT_RUN = 126  # the shell's number for it
PR_SET_PDEATHSIG = 1


def main(farewell: str, launcher: str, account: str, *command: str) -> int:
    os.umask(0o077)
    if account != "-":
        become(*map(int, account.split(":")))
    # After the change of user, which makes the kernel forget this signal.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
    if os.getppid() != int(launcher):  # it died before the line above
        return 0
    try:
        os.execv(command[0], command)  # noqa: S606 - the launcher names the program
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return CANNOT_RUN


def become(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
