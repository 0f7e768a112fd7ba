"""Figures of the house itself: `python -m tests.contract.house` prints them, and fails above.

Product code is counted, no tests: their stand-ins for one module may be called as they like. A
class whose name begins with `_` is its file's alone, and is counted nowhere.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.contract.imports import ROOT, imports_of
from tests.helpers.trees import nodes_of, tree_of

PARTS = ("sdk", "layers", "functions", "gateway_bot", "local", "infra", "operations", "bench")
BUILTINS, ROAD = "functions.builtins", "functions.router"
GATEWAYS = "gateway_bot"
MOST_LINES = 350
MOST_SHARING = 0
"""Classes that share their name with another one; it only goes down."""
MEAN_ONE_THING = ("Room", "Place", "Account", "Asked", "Identity", "Community")
"""Of these there is one each, be it a class or another name for a type."""
LONG: Mapping[str, str] = {
    "layers/shared/python/waddlebot/platforms/twitch/channel_events.py": "a function an event",
    "layers/shared/python/waddlebot/stores/receipts.py": "scripts that are read together",
    "local/stand_ins/discord/rest.py": "a function a route of the platform's",
}
"""Files that may be longer, and why."""


WRITTEN_BY_STORES = frozenset(
    {"dead_letters", "doubtful_replies", "full", "receipt", "sent_mark", "unsaid", "late_records"}
)
"""Keys of a partition that are more than the name of a stream to read."""
BY_HAND: Mapping[str, str] = {
    "gateway_bot/consumers.py": "it is how a stream is read, whatever stands in it",
}
"""Files that may, and why."""


STORES = "layers/shared/python/waddlebot/stores"
MADE_OF = frozenset(
    {"Postgres", "Connection", "postgres.Connection", "Edit", "Redis", "redis.Redis"}
)
NO_STORES = frozenset({"postgres.py", "valkey.py", "valkey_cluster.py"})
"""The doors to the servers, on which stores stand."""
OPENS = frozenset({"psycopg.connect", "redis.Redis", "redis.Redis.from_url", "Redis.from_url"})
"""What opens a connection; stores are given one."""
MOST_BARE = 11
"""With a reason; it only goes down."""
BARE: Mapping[str, str] = {
    "begun_calls.py": "what modules answered is JSON by contract; doubts are a page of JSON",
    "dead_letters.py": "where a letter stands and how it is sorted are compared, not read",
    "effects.py": "what modules answered is JSON by contract",
    "personal_data.py": "people get each row that is about them whole",
    "records.py": "what operators and `!why` read is the row",
    "set_values.py": "stores alone call it",
}
"""Stores that give rows out, and why."""
TORN: Mapping[str, str] = {
    "layers/shared/python/waddlebot/stores/keys.py": "they are parts of a name",
    "functions/modules/": "the contract of modules knows no class of the house",
    "sdk/": "the same",
    "local/": "the stand-ins are platforms, and know each their own people",
}
"""Where somebody is a platform and a user id, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`found` is what is counted, a line each; `most` of it there may be."""

    name: str
    found: Sequence[str]
    most: int

    @property
    def is_above(self) -> bool:
        return len(self.found) > self.most

    def __str__(self) -> str:
        return f"{self.name}: {len(self.found)}, at most {self.most}"


def figures() -> list[Figure]:
    return [
        Figure(name="imports of built-ins into the router", found=imported(BUILTINS, ROAD), most=0),
        Figure(name="imports of the router into built-ins", found=imported(ROAD, BUILTINS), most=0),
        Figure(name="classes that share a name", found=sharing(), most=MOST_SHARING),
        Figure(name="names that must mean one thing and do not", found=ambiguous(), most=0),
        Figure(name="keys and scripts that gateway_bot writes by hand", found=by_hand(), most=0),
        Figure(name="functions that take an account as two texts", found=torn_accounts(), most=0),
        Figure(name="stores that one gets at another way", found=odd_doors(), most=0),
        Figure(name="rows that leave a store as they are", found=bare_rows(), most=0),
        Figure(name="the same with a reason", found=bare_rows(excused=True), most=MOST_BARE),
        Figure(name="reasons for stores that give no rows out", found=unused_reasons(), most=0),
        Figure(name=f"files over {MOST_LINES} lines without a reason", found=too_long(), most=0),
        Figure(name="reasons for files that are no longer so long", found=outgrown(), most=0),
    ]


def files() -> Iterator[Path]:
    for part in PARTS:
        found = sorted((ROOT / part).rglob("*.py"))
        yield from (file for file in found if "build" not in file.relative_to(ROOT).parts)


def imported(here: str, there: str) -> list[str]:
    """What the files of one room import of another."""
    return [
        f"{file.relative_to(ROOT)}: {name}"
        for file in sorted((ROOT / here.replace(".", "/")).rglob("*.py"))
        for name in imports_of(file)
        if name == there or name.startswith(f"{there}.")
    ]


def sharing() -> list[str]:
    """Every class of a name that another one has."""
    of_name: dict[str, list[str]] = defaultdict(list)
    for file in files():
        for node in nodes_of(file):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                of_name[node.name].append(f"{node.name} in {file.relative_to(ROOT)}")
    return [place for name in sorted(of_name) if len(of_name[name]) > 1 for place in of_name[name]]


def ambiguous() -> list[str]:
    times = Counter(name for file in files() for name in _types_in(file))
    return [f"{name}: {times[name]} times" for name in MEAN_ONE_THING if times[name] != 1]


def by_hand() -> list[str]:
    """What of gateway_bot knows how something stands on a Valkey server, which stores do."""
    return [
        f"{path}: {what}"
        for file in sorted((ROOT / GATEWAYS).rglob("*.py"))
        if (path := file.relative_to(ROOT).as_posix()) not in BY_HAND
        for node in nodes_of(file)
        if (what := _written_by_hand(node))
    ]


def _written_by_hand(node: ast.AST) -> str:
    match node:
        case ast.ImportFrom(module="waddlebot.stores", names=names):
            return "imports keys" if any(one.name == "keys" for one in names) else ""
        case ast.Constant(value=str(text)) if "redis.call" in text:
            return "has a script"
        case ast.Call(func=ast.Attribute(attr=method)) if method in WRITTEN_BY_STORES:
            return f"writes {method}"
    return ""


def odd_doors() -> list[str]:
    """Stores are made of a connection, an edit, or a client, and of nothing that knows one.

    So is a function of theirs that asks a server: it takes the server first. None opens one.
    """
    return [
        f"{path.as_posix()}: {what}"
        for file in sorted((ROOT / STORES).glob("*.py"))
        if (path := file.relative_to(ROOT)).name not in NO_STORES
        for node in tree_of(file).body
        for what in (*odd_ways(node), *opened(node))
    ]


def odd_ways(node: ast.stmt) -> Iterator[str]:
    """What this function or class is given a server by that does not come first, or is none."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        kinds = _kinds(node.args)
        if not node.name.startswith("_") and any(one in MADE_OF for one in kinds[1:]):
            yield f"{node.name} takes {', '.join(kinds)}"
    elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
        for one in node.body:
            if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                kinds = _kinds(one.args)
                if kinds and kinds[0] not in MADE_OF:
                    yield f"{node.name} is made of {kinds[0]}"
        fields = [_kind(one.annotation) for one in node.body if isinstance(one, ast.AnnAssign)]
        if any(one in MADE_OF for one in fields[1:]):
            yield f"{node.name} is made of {', '.join(fields)}"


def opened(node: ast.stmt) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and (called := ast.unparse(one.func)) in OPENS:
            yield f"opens a connection by {called}"
        if "Pool" in (called := ast.unparse(one) if isinstance(one, ast.Name) else ""):
            yield f"knows a {called}"


def _kinds(arguments: ast.arguments) -> list[str]:
    """Of what is handed in, without oneself."""
    taken = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    return [_kind(one.annotation) for one in taken if one.arg not in {"self", "cls"}]


def _kind(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation).removesuffix(" | None") if annotation else ""


def bare_rows(*, excused: bool = False) -> list[str]:
    """What a store answers with as a row or a bare tuple; with a reason in BARE or without."""
    return [
        f"{path}: {name}"
        for path, name, made in _public_in_stores()
        if is_bare_answer(_kind(made.returns))
        and Path(path).name not in NO_STORES
        and (Path(path).name in BARE) is excused
    ]


def unused_reasons() -> list[str]:
    used = {Path(one.partition(":")[0]).name for one in bare_rows(excused=True)}
    return sorted(BARE.keys() - used)


def is_bare_answer(answer: str) -> bool:
    """A row, or several things without names; `tuple[X, ...]` is a list that stays."""
    texts = answer.replace("tuple[()]", "")
    return "dict[str, Any]" in texts or bool(
        re.search(r"tuple\[(?![^\[\],]+(?:\[[^\[\]]*\])?, \.\.\.\])", texts)
    )


def _public_in_stores() -> Iterator[tuple[str, str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """By file and name; how a store is made counts as public."""
    for file in sorted((ROOT / STORES).glob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        for node in tree_of(file).body:
            is_class = isinstance(node, ast.ClassDef) and not node.name.startswith("_")
            for one in node.body if is_class else [node]:
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                    name = f"{node.name}.{one.name}" if is_class else one.name
                    if one.name == "__init__" or not one.name.startswith("_"):
                        yield path, name, one


def torn_accounts() -> list[str]:
    return [
        f"{path}: {node.name}"
        for file in files()
        if not (path := file.relative_to(ROOT).as_posix()).startswith(tuple(TORN))
        for node in nodes_of(file)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not {"user", "user_id"}.isdisjoint(names := _texts_taken(node))
        and "platform" in names
    ]


def _texts_taken(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    taken = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return {
        one.arg
        for one in taken
        if one.annotation is not None and ast.unparse(one.annotation) == "str"
    }


def lines_of_long_files() -> dict[str, int]:
    return {
        file.relative_to(ROOT).as_posix(): count
        for file in files()
        if (count := len(file.read_text().splitlines())) > MOST_LINES
    }


def too_long() -> list[str]:
    return [f"{file}: {n} lines" for file, n in lines_of_long_files().items() if file not in LONG]


def outgrown() -> list[str]:
    return sorted(LONG.keys() - lines_of_long_files().keys())


def _types_in(file: Path) -> Iterator[str]:
    """Classes, and what a file calls a type: `Account = tuple[str, str]`."""
    for node in nodes_of(file):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree_of(file).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.BinOp):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def main() -> int:
    found = figures()
    for figure in found:
        print(figure)
        for line in figure.found:
            print(f"  {line}")
    print(f"files over {MOST_LINES} lines, with a reason:")
    for file, lines in lines_of_long_files().items():
        print(f"  {lines} {file}: {LONG.get(file, 'none')}")
    return any(figure.is_above for figure in found)


if __name__ == "__main__":
    sys.exit(main())
