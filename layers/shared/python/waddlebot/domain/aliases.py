"""What a community's aliases stand for, followed to the commands that they mean; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from waddlebot.domain.alias_places import (
    MissingArgument,
    TypedBehind,
    check_places,
    fill,
    has_places,
    places_of,
    usage_of,
)
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.own_names import fold_name
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot.domain.sessions import Community
from waddlebot_sdk.own_words import EMOJI, say_command

ALIASES = "aliases"
"""The part of a community that they are."""
MODULE = "alias"
RUN = "alias run"
"""The command that says what is no command's to say: texts, and why an alias does not run."""
MOST_DEPTH = MOST_STEPS = 5
AND = "&&"

_KIND = re.compile(
    r"(?:(?P<kind>text|random|time)"
    r"|counter(?: +(?P<counter>[^\W_]\w{0,49}|[^\x00-\xff\s][^\x00-\x2f\s:]{0,49}))?"
    r"(?: +(?P<by>[+-]\d{1,4}))?)"
    r":\s*(?P<body>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COMMAND = re.compile(rf"[!#](?:[^\W_]|[$\\{{{EMOJI}])")
_STEP = re.compile(r'"[^"]*"|“[^”]*”|„[^“]*“|«[^»]*»|(?<!\S)&&(?!\S)')
_USER = re.compile(r"(?<=\s)user(?!\S)")
_CODE = re.compile(r"%(.?)", re.DOTALL)
TIME_CODES = frozenset("YmdHMSpIAaBbjyZz%")


class AliasKind(StrEnum):
    COMMAND = "command"
    TEXT = "text"
    RANDOM = "random"
    COUNTER = "counter"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """`text` is all of it as it is kept, `body` what stands behind the word for its kind.

    A `counter` counts `by` so many whenever it is told.
    """

    name: str
    kind: AliasKind
    text: str
    body: str
    counter: str = ""
    by: int = 1

    @property
    def steps(self) -> Sequence[str]:
        """Of a command, one after another, as they are declared: `!so $1`."""
        return split_steps(self.body) if self.kind is AliasKind.COMMAND else ()

    @property
    def choices(self) -> Sequence[str]:
        return [one for part in self.body.split("|") if (one := part.strip())]

    @property
    def usage(self) -> str:
        """`hug <1> [2]`, without a prefix."""
        takes_rest = self.kind is AliasKind.COMMAND and not has_places(self.body)
        return f"{self.name} {'[…]' if takes_rest else usage_of(self.body)}".rstrip()


def aliases_of(community: Community) -> Mapping[str, str]:
    """What stands for what, by name."""
    found: Mapping[str, str] = community.own.get(ALIASES) or {}
    return found


def read_alias(name: str, text: str) -> Alias:
    """As it is kept, or typed with the usual prefix."""
    found = _KIND.fullmatch(text)
    if not found:
        kind = AliasKind.COMMAND if _COMMAND.match(text) else AliasKind.TEXT
        body = _with_user(text) if kind is AliasKind.COMMAND else text
        return Alias(name=name, kind=kind, text=text, body=body)
    kind = AliasKind((found["kind"] or AliasKind.COUNTER).lower())
    counter = fold_name(found["counter"] or name) if kind is AliasKind.COUNTER else ""
    by = int(found["by"] or 1)
    return Alias(name=name, kind=kind, text=text, body=found["body"], counter=counter, by=by)


def _with_user(body: str) -> str:
    """`!so user` is `!so $1`, as people of other bots write it."""
    if any(True for _ in places_of(body)) or "{" in body:
        return body
    return _USER.sub("$1", body)


def split_steps(body: str) -> Sequence[str]:
    """At each `&&` that stands by itself and in no quotes."""
    steps, at = list[str](), 0
    for found in _STEP.finditer(body):
        if found.group() == AND:
            steps.append(body[at : found.start()].strip())
            at = found.end()
    return (*steps, body[at:].strip())


def declared(text: str, line: Callable[[str], str]) -> str:
    """As it is kept: with commands as they are declared, so that it runs whatever they are called
    later. `line` makes that of one.
    """
    text = text.strip()
    if read_alias("", line(text)).kind is not AliasKind.COMMAND:
        return text
    return f" {AND} ".join(map(line, split_steps(text)))


def run_line(name: str, rest: str) -> str:
    """The command that tells what this alias says."""
    return f"{USUAL_PREFIX}{RUN} {name} {rest}".rstrip()


def expand_alias(name: str, given: TypedBehind, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """The commands that a line means.

    Raises:
        Refusal: something is missing behind it, it leads back to itself, or becomes too much.
    """
    # One more than there may be tells that there are too many.
    lines = tuple(islice(_follow(name, given, aliases, ()), MOST_STEPS + 1))
    if len(lines) > MOST_STEPS:
        raise too_many_steps(name)
    return lines


def _follow(
    name: str, given: TypedBehind, aliases: Mapping[str, str], path: tuple[str, ...]
) -> Iterator[str]:
    _check_path(name, path)
    alias = read_alias(name, aliases[name])
    if alias.kind is not AliasKind.COMMAND:
        check_step_told(alias, given)
        yield run_line(name, given.rest)
        return
    for step in _filled(alias, given):
        head, rest = split_head(step)
        if head in aliases:
            yield from _follow(head, replace(given, rest=rest), aliases, (*path, name))
        else:
            yield step


def _filled(alias: Alias, given: TypedBehind) -> Iterator[str]:
    """What is typed behind one that has no places comes behind its last step."""
    try:
        steps = [fill(step, given) for step in alias.steps]
    except MissingArgument:
        raise says_usage(alias) from None
    if given.rest and not has_places(alias.body):
        steps[-1] = fill(f"{alias.steps[-1]} $*", given)
    yield from steps


def check_step_told(alias: Alias, given: TypedBehind) -> None:
    """Raises Refusal: something is missing behind what it says, or it becomes too long."""
    try:
        fill(alias.body, given)
    except MissingArgument:
        raise says_usage(alias) from None


def _check_path(name: str, path: Sequence[str]) -> None:
    if name in path:
        raise leads_back([*path[path.index(name) :], name])
    if len(path) >= MOST_DEPTH:
        raise too_deep(path[0])


def targets_of(name: str, aliases: Mapping[str, str], path: tuple[str, ...] = ()) -> Iterator[str]:
    """The steps that it comes to in the end, with places in them; of what leads back, none."""
    if name in path:
        return
    for step in read_alias(name, aliases[name]).steps:
        head, _ = split_head(step)
        if head in aliases:
            yield from targets_of(head, aliases, (*path, name))
        else:
            yield step


def check_following(aliases: Mapping[str, str]) -> None:
    """Raises Refusal: one leads back to itself, or to too much."""
    read = {name: read_alias(name, text) for name, text in aliases.items()}
    for name in read:
        if _count_steps(name, read, ()) > MOST_STEPS:
            raise too_many_steps(name)


def _count_steps(name: str, aliases: Mapping[str, Alias], path: tuple[str, ...]) -> int:
    """Counted no farther than it may be."""
    _check_path(name, path)
    counted = 0
    for step in aliases[name].steps or ("",):
        head, _ = split_head(step)
        counted += _count_steps(head, aliases, (*path, name)) if head in aliases else 1
        if counted > MOST_STEPS:
            break
    return counted


def split_head(step: str) -> tuple[str, str]:
    """`!hug bob` as the word that may be an alias and what follows; of `#roll` it is none."""
    if not step.startswith(USUAL_PREFIX):
        return "", step
    head, *rest = step.removeprefix(USUAL_PREFIX).split(maxsplit=1) or [""]
    return fold_name(head), "".join(rest).strip()


def with_counter(alias: Alias) -> str:
    """Its text, where the counter that it has by its name is named: it keeps that one."""
    word = len(AliasKind.COUNTER)
    return f"{alias.text[:word]} {alias.counter}{alias.text[word:]}"


def with_name(name: str, text: str, before: str, after: str) -> str:
    """What leads to an alias by its name of before, leads to it by that of after."""
    alias = read_alias(name, text)
    steps = [_with_head(step, before, after) for step in split_steps(text)] if alias.steps else []
    return f" {AND} ".join(steps) if steps else text


def _with_head(step: str, before: str, after: str) -> str:
    """Where it begins with the alias of before, it does with that of after."""
    head, rest = split_head(step)
    return f"{USUAL_PREFIX}{after} {rest}".rstrip() if head == before else step


def check_alias(alias: Alias) -> None:
    """What can be said of it alone. Raises Refusal."""
    check_places(alias.body)
    if not alias.body.strip():
        raise wrong("Say what it stands for, behind the word for its kind.")
    if alias.kind is AliasKind.RANDOM and len(alias.choices) < 2:
        raise wrong("Of random lines there are two at least: random: heads | tails")
    if alias.kind is AliasKind.TIME:
        _check_time(alias.body)
    for step in alias.steps:
        _check_step(step)
    if len(alias.steps) > MOST_STEPS:
        raise too_many_steps(alias.name)


def _check_step(step: str) -> None:
    first = step.split(maxsplit=1)[0] if step else ""
    if not _COMMAND.match(step):
        raise wrong(f"Each step of a chain is a command: '{step[:40]}' is none.")
    if has_places(first):
        raise wrong("Which command it runs is no argument of an alias.")


def _check_time(body: str) -> None:
    """No others: some make a line of any length."""
    for found in _CODE.finditer(body):
        if found[1] not in TIME_CODES or not found[1]:
            known = " ".join(f"%{code}" for code in ("H", "M", "S", "I", "p", "A", "d", "B", "Y"))
            raise wrong(f"'%{found[1]}' is no part of a time. There are {known} and a few more.")


def says_usage(alias: Alias) -> Refusal:
    words = f"Usage: {say_command(alias.usage)}. It stands for {described(alias)}"
    return Refusal(words, Because.WRONG, code="MISSING_ARGUMENT")


def described(alias: Alias) -> str:
    """As whoever reads it would type it."""
    if alias.kind is AliasKind.COMMAND:
        return f" {AND} ".join(map(say_command, alias.steps))
    return alias.text


def leads_back(path: Sequence[str]) -> Refusal:
    way = " → ".join(map(say_command, path))
    return Refusal(f"That alias would lead back to itself: {way}.", code="ALIAS_LOOP")


def too_deep(name: str) -> Refusal:
    words = f"{say_command(name)} leads from alias to alias more than {MOST_DEPTH} times."
    return Refusal(words, code="ALIAS_TOO_DEEP")


def too_many_steps(name: str) -> Refusal:
    words = f"{say_command(name)} would run more than {MOST_STEPS} commands."
    return Refusal(words, code="TOO_MANY_STEPS")


def wrong(say: str) -> Refusal:
    return Refusal(say, Because.WRONG, field="text")
