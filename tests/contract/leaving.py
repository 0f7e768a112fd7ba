"""Where an address of the house's own is made without its operator's, or taken from a request.

An address that leaves is `public_address(…).at("/connect/slack")`: the path is a text by itself.
One that stands in a sentence, or behind something else in one, was put together by hand.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from functions.catalogue import all_functions
from functions.declaration import gateway_routes
from tests.helpers.trees import nodes_of_text

_FORWARDED = frozenset({"x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "forwarded"})
OWN = sorted(
    {
        route.path.split("/")[1]
        for row in all_functions()
        for route in gateway_routes(row)
        if not route.path.startswith("/{")
    }
    | {"modules"}
)
_IN_A_TEXT = re.compile(rf"/(?:{'|'.join(OWN)})(?![\w-])")
_BUILT = re.compile(r"https?://$")


@dataclass(frozen=True, slots=True)
class Suspect:
    line: int
    what: str


def suspects(source: str) -> Iterator[Suspect]:
    nodes = nodes_of_text(source)
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    read_with_care = _docstrings(nodes) | {id(part) for node in joined for part in node.values}
    for node in joined:
        yield from _in_parts(node)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in read_with_care:
                yield from _in_text(node.value, node.lineno, begins=True)
            if node.value.lower() in _FORWARDED:
                yield Suspect(node.lineno, node.value)
        elif _asks_for_host(node):
            yield Suspect(node.lineno, ast.unparse(node))  # type: ignore[attr-defined]


def _asks_for_host(node: ast.AST) -> bool:
    """`headers.get("host")`, `event["headers"]["host"]`, `context["domainName"]`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        whose, key = node.func.value, node.args[0]
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        whose, key = node.value, node.slice
    else:
        return False
    is_named = isinstance(key, ast.Constant) and str(key.value).lower() in {"host", "domainname"}
    return is_named and bool(re.search(r"header|context|event|request", ast.unparse(whose)))


def _in_parts(node: ast.JoinedStr) -> Iterator[Suspect]:
    for number, part in enumerate(node.values):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield from _in_text(part.value, part.lineno, begins=number == 0)
            if _BUILT.search(part.value):
                yield Suspect(part.lineno, part.value)


def _in_text(text: str, line: int, *, begins: bool) -> Iterator[Suspect]:
    for found in _IN_A_TEXT.finditer(text):
        at = found.start()
        if at == 0 and begins:
            continue  # a path by itself
        is_route = text[:at].endswith(("GET ", "POST "))  # for people who call the API
        if not is_route and (at == 0 or text[at - 1].isspace() or text[at - 1] in "`(<:"):
            yield Suspect(line, text)


def _docstrings(nodes: Iterable[ast.AST]) -> set[int]:
    """Texts that stand by themselves are read by people who read the code."""
    return {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
