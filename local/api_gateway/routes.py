"""Which function answers a request, by API Gateway's rules."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

ANY = "ANY"
DEFAULT = "$default"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRoute:
    """`path` may hold `{name}` segments and end in `{name+}`; `method` may be ANY.

    The path "$default" takes whatever no other route takes. Of requests to one function no more
    than `most_at_once` are there at once, where that is not 0; others wait for their turn.
    """

    method: str
    path: str
    function: str
    most_at_once: int = 0

    @property
    def key(self) -> str:
        return DEFAULT if self.path == DEFAULT else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRoute:
    route: GatewayRoute
    path_parameters: Mapping[str, str]


class RouteTable:
    """The most specific route wins: plain segments before `{name}` before `{name+}`; then its
    own method before ANY.
    """

    def __init__(self, routes: Sequence[GatewayRoute]) -> None:
        self._routes = [(pattern(route.path), route) for route in sorted(routes, key=specificity)]

    def find(self, method: str, raw_path: str) -> FoundRoute | None:
        """`raw_path` is still percent-encoded, so that an encoded slash stays in its segment."""
        for expression, route in self._routes:
            if route.method in {method, ANY} and (found := expression.fullmatch(raw_path)):
                parameters = {
                    name: unquote(found[f"p{number}"])
                    for number, name in enumerate(parameter_names(route.path))
                }
                return FoundRoute(route=route, path_parameters=parameters)
        return None


def specificity(route: GatewayRoute) -> tuple[list[int], bool]:
    return [segment_rank(segment) for segment in route.path.split("/")], route.method == ANY


def segment_rank(segment: str) -> int:
    if segment == DEFAULT:
        return 3
    if not segment.startswith("{"):
        return 0
    return 2 if segment.endswith("+}") else 1


def parameter_names(path: str) -> list[str]:
    return re.findall(r"{([^{}+]+)\+?}", path)


def pattern(path: str) -> re.Pattern[str]:
    if path == DEFAULT:
        return re.compile(r".*", re.DOTALL)
    numbers = itertools.count()
    parts = [segment_pattern(segment, numbers) for segment in path.strip("/").split("/")]
    return re.compile("/" + "/".join(parts))


def segment_pattern(segment: str, numbers: Iterator[int]) -> str:
    match segment_rank(segment):
        case 1:
            return f"(?P<p{next(numbers)}>[^/]+)"
        case 2:
            return f"(?P<p{next(numbers)}>.+)"
        case _:
            return re.escape(segment)
