"""A style sheet that people write for their overlays: read by a parser of CSS, and written anew.

What is on a list passes, and nothing that could ask anybody for anything: no `@import`, no address
but a picture that stands there itself, no function of which we do not know what it does. So no
selector tells anybody what the page says, whatever it matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from waddlebot.domain.errors import Because, Refusal

if TYPE_CHECKING:
    from tinycss2.ast import Node

MOST_BYTES = 16_000
DEEPEST = 24
_OF_RULES = frozenset({"media", "supports", "container", "layer", "starting-style"})
_OF_KEYFRAMES = frozenset({"keyframes", "-webkit-keyframes"})
_NUMBERS = "calc min max clamp round mod rem abs sign sin cos tan pow sqrt hypot log exp var env"
_COLORS = "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark"
_IMAGES = (
    "linear-gradient radial-gradient conic-gradient repeating-linear-gradient "
    "repeating-radial-gradient repeating-conic-gradient"
)
_SHAPES = "inset circle ellipse polygon path rect xywh"
_MOVES = (
    "translate translatex translatey translatez translate3d scale scalex scaley scalez scale3d "
    "rotate rotatex rotatey rotatez rotate3d skew skewx skewy matrix matrix3d perspective "
    "cubic-bezier steps linear"
)
_FILTERS = "blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia"
_LAYOUT = "fit-content minmax repeat counter counters"
FUNCTIONS = frozenset(
    f"{_NUMBERS} {_COLORS} {_IMAGES} {_SHAPES} {_MOVES} {_FILTERS} {_LAYOUT}".split()
)
"""In values. `image-set`, `attr`, `element`, `src`, `paint` and the rest are not here."""
_REFUSED = frozenset({"behavior", "-moz-binding", "src"})
_PICTURE = re.compile(
    r"data:image/(?:png|gif|jpeg|webp|avif);base64,[A-Za-z0-9+/]+={0,2}", re.ASCII
)
_HALF = re.compile("[\ud800-\udfff]")
"""Of a sign, as `\\d800` is: CSS Syntax 3 reads U+FFFD there, and nobody can keep anything else."""


def clean_css(css: str) -> str:
    """The same, as it is kept; the comments go. Raises Refusal, with the line of what cannot be."""
    import tinycss2  # whoever changes no style sheet does not wait for it

    if len(css.encode("utf-8", "replace")) > MOST_BYTES:
        raise _wrong(f"A style sheet has {MOST_BYTES:,} bytes at most")
    _check_depth(tinycss2.parse_component_value_list(css, skip_comments=True))
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    _check_rules(rules)
    return _HALF.sub("\ufffd", "\n".join(tinycss2.serialize([rule]) for rule in rules))


def _check_rules(rules: Sequence[Node]) -> None:
    for rule in rules:
        if rule.type == "at-rule":
            _check_at_rule(rule)
        elif rule.type == "qualified-rule":
            _check_prelude(rule)
            _check_block(rule.content)
        elif rule.type == "declaration":
            _check_declaration(rule)
        else:  # an error of the parser's
            raise _wrong(f"I cannot read that: {getattr(rule, 'message', rule.type)}", rule)


def _check_at_rule(rule: Any) -> None:
    name = rule.lower_at_keyword
    if name not in _OF_RULES | _OF_KEYFRAMES | {"property"}:
        words = f"@{name[:30]} cannot be used here. There are @media, @supports, @container, "
        raise _wrong(f"{words}@layer, @keyframes, @property and @starting-style", rule)
    _check_prelude(rule)
    if rule.content is not None:
        _check_block(rule.content)


def _check_block(content: Sequence[Node]) -> None:
    """Declarations, and rules within rules."""
    import tinycss2

    _check_rules(tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True))


def _check_prelude(rule: Any) -> None:
    """Selectors and conditions name no address."""
    for node in _all(rule.prelude):
        if node.type in {"url", "error"} or (node.type == "function" and _is_address(node)):
            raise _wrong("An address is no part of a selector or a condition", rule)


def _check_declaration(declaration: Any) -> None:
    if declaration.lower_name in _REFUSED:
        raise _wrong(f"'{declaration.name[:40]}' cannot be set here", declaration)
    for node in _all(declaration.value):
        if node.type == "url":
            _check_picture(node.value, node)
        elif node.type == "function":
            _check_function(node)
        elif node.type == "error":
            raise _wrong("I cannot read that value", node)


def _check_function(node: Any) -> None:
    name = node.lower_name
    if name == "url":
        texts = [one.value for one in node.arguments if one.type == "string"]
        _check_picture(texts[0] if len(texts) == 1 and len(node.arguments) == 1 else "", node)
    elif name not in FUNCTIONS:
        raise _wrong(f"{name[:30]}() cannot be used here", node)


def _check_picture(address: str, node: Any) -> None:
    if not _PICTURE.fullmatch(address):
        words = "Nothing is fetched from elsewhere: url() takes pictures as data:image/png;base64,…"
        raise _wrong(words, node)


def _is_address(node: Any) -> bool:
    return node.lower_name in {"url", "src", "image-set", "-webkit-image-set", "image"}


def _all(nodes: Sequence[Any]) -> Iterator[Any]:
    """Also those within brackets and functions."""
    for node in nodes:
        yield node
        yield from _all(_within(node))


def _check_depth(nodes: Sequence[Any]) -> None:
    """Level by level, as the parser sees it: a text or a comment hides brackets from counting."""
    for _ in range(DEEPEST + 2):
        if not nodes:
            return
        nodes = [one for node in nodes for one in _within(node)]
    raise _wrong("That is nested too deep for a style sheet")


def _within(node: Any) -> Sequence[Any]:
    return getattr(node, "content", None) or getattr(node, "arguments", None) or ()


def _wrong(why: str, node: Any = None) -> Refusal:
    line = f" (line {node.source_line})" if node is not None else ""
    return Refusal(f"{why}{line}.", Because.WRONG, code="INVALID_CSS", field="css")
