"""Whether a text may be given to the TOML reader: it trusts what it reads.

tomllib works on a key of n parts for n² steps and as much memory, and on n brackets n calls deep,
so a text of 100 kB could take a function down. Here it is read once, sign by sign, in a straight
line.
"""

from __future__ import annotations

import re

MOST_CHARACTERS = 400_000
MOST_PARTS = 8
"""Of a key: `commands."!quote".role` has three."""
MOST_BRACKETS = 8
"""Within each other: two in what we write."""
MOST_KEYS = 50_000

_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n]*+ | [^\S\n]++ )
    | (?P<text>
        \"{3} (?: [^"\\] | \\. | "{1,2}(?!") )*+ "{3,5}
        | \'{3} (?: [^'] | '{1,2}(?!') )*+ '{3,5}
        | "(?!"") (?: [^"\\\n] | \\. )*+ "
        | '(?!'') [^'\n]*+ '
      )
    | (?P<dot> \. ) | (?P<open> [\[{] ) | (?P<close> [\]}] ) | (?P<is> = ) | (?P<quote> ["'] )
    | (?P<end> [\n,] )
    | (?P<bare> [^\s"'.,=\[\]{}\#]++ )
    """,
    re.VERBOSE | re.DOTALL,
)


def why_not_parsed(text: str) -> str:
    """Empty where it may be, else half a sentence for its author."""
    if len(text) > MOST_CHARACTERS:
        return f"it has more than {MOST_CHARACTERS:,} characters"
    depth, parts, keys = 0, 0, 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "dot":
            parts += 1
        elif kind not in ("skip", "text", "bare"):
            parts = 0
        depth += (kind == "open") - (kind == "close")
        keys += kind == "is"
        if kind == "quote":
            return "it is no TOML: a quotation mark is never closed"
        if parts >= MOST_PARTS:
            return f"a key has {MOST_PARTS} parts at most"
        if depth > MOST_BRACKETS:
            return f"there are {MOST_BRACKETS} brackets within each other at most"
        if keys > MOST_KEYS:
            return f"there are {MOST_KEYS:,} values at most"
    return ""
