"""Runs the data plane alone: python -m local.plane --home DIR."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
from pathlib import Path

from local.plane import DataPlane, PlaneFailed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.plane", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="where everything is kept")
    home = parser.parse_args().home.absolute()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both end it in the same way
    plane = DataPlane(home, os.environ, say)
    try:
        exports = write_exports(home / "plane.env", plane.start())
        print(f"  The addresses, passwords inside:  . {exports}", flush=True)
        while True:
            signal.pause()
    except PlaneFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        plane.stop()


def say(part: str, seconds: float, words: str) -> None:
    print(f"  {part:<10}{seconds:5.1f} s   {words}", flush=True)


def write_exports(path: Path, environment: dict[str, str]) -> Path:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(
            f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()
        )
    return path


if __name__ == "__main__":
    sys.exit(main())
