"""The commands of docs/aws.md, by the name that stands over each block.

Over a block stands `<!-- aws: deploy -->`, or `<!-- aws: quota, on AWS alone -->` where no
rehearsal can run it. A line that ends with a backslash goes on in the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BLOCK = re.compile(
    r"<!-- aws: (?P<name>[a-z-]+)(?P<alone>, on AWS alone)? -->\n```console\n(?P<lines>.*?)```",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """`commands` without their prompts; `rehearsed` where they can be run away from AWS."""

    commands: Sequence[str]
    rehearsed: bool


def read_blocks(text: str) -> Mapping[str, Block]:
    """In the order of the page."""
    return {
        found["name"]: Block(commands=_commands(found["lines"]), rehearsed=not found["alone"])
        for found in _BLOCK.finditer(text)
    }


def _commands(lines: str) -> Sequence[str]:
    whole = lines.replace("\\\n", " ")
    typed = [line[2:] for line in whole.splitlines() if line.startswith("$ ")]
    return [re.sub(r"\s+#\s.*$", "", line).strip() for line in typed]
