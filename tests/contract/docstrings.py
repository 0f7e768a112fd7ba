"""What docstrings owe their readers, found in the code: `python -m tests.contract.docstrings`.

A public function, method or dataclass at a door, in a store, on a platform or in the contract of
the SDK owes

- errors: the name of each exception that it raises, itself or in a private function of its file,
  and `Unavailable` where it asks a server,
- shapes: what is in it, for each parameter, field or answer that is `Any`, an `object`, a `dict`
  or a tuple of several things (a parameter or field is named in backticks, or the whole shown as
  `{…}`; an answer by anything in backticks, or "Result n", "by name", …),
- units: for each number or time whose name does not say what is counted, that name in backticks,
- source: for each file that knows a platform's own words, where they are written down.

It may be said by the class, or the file, for all that is in it. So there is nothing to gain by
more words: they have to be those that the code asks for.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.contract.imports import ROOT
from tests.helpers.trees import tree_of_text

LAYER = "layers/shared/python/waddlebot"
PARTS = {
    "doors": ("functions/*/*handler.py", "functions/*/*_routes.py", f"{LAYER}/runtime/serve_*.py"),
    "stores": (f"{LAYER}/stores/*.py",),
    "platforms": (f"{LAYER}/platforms/*.py", f"{LAYER}/platforms/*/*.py"),
    "contract": ("sdk/python/waddlebot_sdk/*.py",),
}
LOOSE = re.compile(r"\b(Any|dict|object)\b|\btuple\[(?!\w+, \.\.\.\])")
OWN_KIND = re.compile(r"\b(Module|Command|Callable)\[.*")
"""What has a name and docstring of its own, whatever it is a kind of."""
NUMBERS = re.compile(r"^(int|float|datetime|timedelta)( \| None)?$")
UNITS = re.compile(
    r"(seconds|_ms|days|minutes?|_at|until|after|before|now|deadline|count|counts|number|most|limit"
    r"|total|percent|share|points|priority|status|size|page|id|version|bytes|lines|events|within"
    r"|today|moment|rank|score|uses|times|chars|rows|community|at|of|last|since|left|n)$"
)
"""Names that say what is counted or which moment it is."""
ASKING = re.compile(r"\bpostgres\.(write|read|writer|opened)\(|\banswering\(|\.run\(self\._?client")
KNOWN = frozenset({"aws_event", "context", "payload"})
"""What Lambda passes in, and what a platform sent, untouched (docs/glossary.md)."""
WHERE = re.compile(r"(?i)\b(docs|sources?)[:,] \S")
SHAPE = re.compile(r"`[^`]+`|\b(None|True|False)\b|\bResult n\b|\b[Bb]y \w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """`what` is owed at `where`; `is_done`."""

    part: str
    where: str
    what: str
    is_done: bool


def duties(*parts: str) -> list[Duty]:
    """Of these parts, or of all."""
    return [
        duty
        for part in parts or PARTS
        for pattern in PARTS[part]
        for file in sorted(ROOT.glob(pattern))
        for duty in duties_in(part, file.relative_to(ROOT).as_posix(), file.read_text())
    ]


def shares(found: Sequence[Duty]) -> dict[str, float]:
    """By part, in percent."""
    of_part = {part: [one.is_done for one in found if one.part == part] for part in PARTS}
    return {part: 100 * sum(done) / len(done) for part, done in of_part.items() if done}


def duties_in(part: str, path: str, source: str) -> Iterator[Duty]:
    tree = tree_of_text(source)
    said = ast.get_docstring(tree) or ""
    is_of_one = part == "platforms" and Path(path).parent.name != "platforms"
    if is_of_one and _has_words_of_its_own(tree):
        yield Duty(part=part, where=path, what="its source", is_done=bool(WHERE.search(said)))
    raised = _raised_by_private(tree)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            of_class = f"{said}\n{ast.get_docstring(node) or ''}"
            where = f"{path}: {node.name}"
            yield from (_duty(part, where, *owed) for owed in _owed_by_fields(node, of_class))
            for one in node.body:
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield from _of_function(part, f"{where}.{one.name}", one, of_class, raised)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _of_function(part, f"{path}: {node.name}", node, said, raised)


def _duty(part: str, where: str, what: str, is_done: bool) -> Duty:  # noqa: FBT001 - spread
    return Duty(part=part, where=where, what=what, is_done=is_done)


def _of_function(
    part: str,
    where: str,
    node: ast.FunctionDef | ast.AsyncFunctionDef,
    around: str,
    raised: dict[str, set[str]],
) -> Iterator[Duty]:
    if node.name.startswith("_"):
        return
    said = f"{around}\n{ast.get_docstring(node) or ''}"
    for error in sorted(_raised(node, raised)):
        yield _duty(part, where, f"raises {error}", error in said)
    for name, annotation in _parameters(node):
        yield from (_duty(part, where, *one) for one in _owed_by(name, annotation, said))
    answer = ast.unparse(node.returns) if node.returns else ""
    if LOOSE.search(OWN_KIND.sub("", answer)):
        own = ast.get_docstring(node) or ""
        yield _duty(part, where, f"what is in {answer}", bool(SHAPE.search(own)))


def _owed_by_fields(node: ast.ClassDef, said: str) -> Iterator[tuple[str, bool]]:
    for one in node.body:
        match one:
            case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_"):
                yield from _owed_by(name, ast.unparse(one.annotation), said)


def _owed_by(name: str, annotation: str, said: str) -> Iterator[tuple[str, bool]]:
    is_named = re.search(rf"`[^`]*\b{name}\b[^`]*`", said) is not None
    if name in KNOWN:
        return
    if NUMBERS.match(annotation) and not UNITS.search(name):
        yield f"what `{name}` counts", is_named
    elif LOOSE.search(OWN_KIND.sub("", annotation)):
        yield f"what is in `{name}`", is_named or "`{" in said


def _parameters(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[tuple[str, str]]:
    for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
        if one.annotation is not None and not one.arg.startswith("_"):
            yield one.arg, ast.unparse(one.annotation)


def _raised_by_private(tree: ast.Module) -> dict[str, set[str]]:
    """What private functions of a file raise, also through others of them."""
    private = {
        node.name: node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("_")
    }
    raised: dict[str, set[str]] = {name: set() for name in private}
    while True:
        more = {name: _raised(node, raised) for name, node in private.items()}
        if more == raised:
            return raised
        raised = more


def _raised(
    node: ast.FunctionDef | ast.AsyncFunctionDef, of_private: dict[str, set[str]]
) -> set[str]:
    found = {"Unavailable"} if ASKING.search(ast.unparse(node)) else set()
    for one in ast.walk(node):
        if isinstance(one, ast.Raise) and isinstance(one.exc, ast.Call):
            found.add(ast.unparse(one.exc.func).rpartition(".")[2])
        elif isinstance(one, ast.Call):
            found |= of_private.get(ast.unparse(one.func).removeprefix("self."), set())
    caught = {
        ast.unparse(name).rpartition(".")[2]
        for one in ast.walk(node)
        if isinstance(one, ast.ExceptHandler) and one.type is not None
        for name in (one.type.elts if isinstance(one.type, ast.Tuple) else [one.type])
    }
    return {one for one in found - caught if one[:1].isupper()}


def _has_words_of_its_own(tree: ast.Module) -> bool:
    """Keys of what a platform sends or takes: at least three that are looked up or written."""
    keys = {
        key.value
        for node in ast.walk(tree)
        for key in (node.keys if isinstance(node, ast.Dict) else [])
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return len(keys) >= 3


def main() -> None:
    found = duties(*sys.argv[1:])
    for duty in found:
        if not duty.is_done:
            print(f"{duty.where} does not say {duty.what}")
    for part, share in shares(found).items():
        total = sum(one.part == part for one in found)
        print(f"{part}: {share:.1f} % of {total}")


if __name__ == "__main__":
    main()
