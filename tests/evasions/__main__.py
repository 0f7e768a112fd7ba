"""`make evasions`: what the presets catch, miss, and hit wrongly."""

from __future__ import annotations

import sys

from tests.evasions import score
from waddlebot.domain.normal_form import normal_form
from waddlebot_sdk.closed_pipe import quietly


def main() -> int:
    hostile, innocent = score("hostile"), score("innocent")
    caught = hostile.lines - len(hostile.wrong)
    sys.stdout.write(
        f"hostile   {hostile.lines} lines: {caught} caught, {len(hostile.wrong)} missed "
        f"({hostile.right_percent:.1f} %)\n"
        f"innocent  {innocent.lines} lines: {len(innocent.wrong)} hit wrongly\n"
    )
    for line in (*hostile.wrong, *innocent.wrong):
        read = normal_form(line.text)
        sys.stdout.write(f"  {line.file}:{line.number} {line.text!r} is read as {read!r}\n")
    return 0


if __name__ == "__main__":
    sys.exit(quietly(main))
