"""Where aliases lead: from one to the next, and to the commands that they mean; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from waddlebot.domain.alias_places import MissingArgument, TypedBehind, fill, has_places
from waddlebot.domain.aliases import (
    AND,
    MOST_DEPTH,
    MOST_STEPS,
    Alias,
    AliasKind,
    leads_to,
    read_alias,
    run_line,
    says_usage,
    split_head,
    split_steps,
    too_many_steps,
)
from waddlebot.domain.errors import Refusal
from waddlebot.domain.own_words import USUAL_PREFIX
from waddlebot_sdk.own_words import say_command


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
        head, rest = leads_to(step)
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
        head, _ = leads_to(step)
        if head in aliases:
            yield from targets_of(head, aliases, (*path, name))
        else:
            yield step


def check_following(aliases: Mapping[str, str], before: Mapping[str, str]) -> None:
    """Raises Refusal: one leads back to itself, or to too much. What did so `before`, saved by a
    release that let it, hinders no change of others.
    """
    read, was = (
        {name: read_alias(name, text) for name, text in those.items()}
        for those in (aliases, before)
    )
    for name, text in aliases.items():
        refusal = _why_not_followed(name, read)
        if refusal and (text != before.get(name) or not _why_not_followed(name, was)):
            raise refusal


def _why_not_followed(name: str, aliases: Mapping[str, Alias]) -> Refusal | None:
    try:
        is_too_much = _count_steps(name, aliases, ()) > MOST_STEPS
    except Refusal as refusal:
        return refusal
    return too_many_steps(name) if is_too_much else None


def _count_steps(name: str, aliases: Mapping[str, Alias], path: tuple[str, ...]) -> int:
    """Counted no farther than it may be."""
    _check_path(name, path)
    counted = 0
    for step in aliases[name].steps or ("",):
        head, _ = leads_to(step)
        counted += _count_steps(head, aliases, (*path, name)) if head in aliases else 1
        if counted > MOST_STEPS:
            break
    return counted


def with_name(name: str, text: str, before: str, after: str) -> str:
    """What leads to an alias by its name of before, leads to it by that of after."""
    alias = read_alias(name, text)
    steps = [_with_head(step, before, after) for step in split_steps(text)] if alias.steps else []
    return f" {AND} ".join(steps) if steps else text


def _with_head(step: str, before: str, after: str) -> str:
    """Where it begins with the alias of before, it does with that of after."""
    head, rest = leads_to(step)
    if head != before:
        return step
    is_direct = split_head(step)[0] == before
    return f"{USUAL_PREFIX}{after} {rest}".rstrip() if is_direct else run_line(after, rest)


def leads_back(path: Sequence[str]) -> Refusal:
    way = " → ".join(map(say_command, path))
    return Refusal(f"That alias would lead back to itself: {way}.", code="ALIAS_LOOP")


def too_deep(name: str) -> Refusal:
    words = f"{say_command(name)} leads from alias to alias more than {MOST_DEPTH} times."
    return Refusal(words, code="ALIAS_TOO_DEEP")
