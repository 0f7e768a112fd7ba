"""What a community's aliases stand for; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from waddlebot.domain.alias_places import check_places, has_places, places_of, usage_of
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
_RUNS = re.compile(
    rf"{USUAL_PREFIX}alias\s+run\s+(?P<name>\S+)(?:\s+(?P<rest>.*))?", re.IGNORECASE | re.DOTALL
)
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


def split_head(step: str) -> tuple[str, str]:
    """`!hug bob` as the word that may be an alias and what follows; of `#roll` it is none."""
    if not step.startswith(USUAL_PREFIX):
        return "", step
    head, *rest = step.removeprefix(USUAL_PREFIX).split(maxsplit=1) or [""]
    return fold_name(head), "".join(rest).strip()


def leads_to(step: str) -> tuple[str, str]:
    """The alias that a step may lead to, and what is typed behind it: `!alias run hug bob` leads to
    `hug` as `!hug bob` does.
    """
    found = _RUNS.fullmatch(step)
    if found is None:
        return split_head(step)
    return fold_name(found["name"].removeprefix(USUAL_PREFIX)), (found["rest"] or "").strip()


def with_counter(alias: Alias) -> str:
    """Its text, where the counter that it has by its name is named: it keeps that one."""
    word = len(AliasKind.COUNTER)
    return f"{alias.text[:word]} {alias.counter}{alias.text[word:]}"


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


def too_many_steps(name: str) -> Refusal:
    words = f"{say_command(name)} would run more than {MOST_STEPS} commands."
    return Refusal(words, code="TOO_MANY_STEPS")


def wrong(say: str) -> Refusal:
    return Refusal(say, Because.WRONG, field="text")
