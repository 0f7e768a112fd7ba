"""Cuts a text into messages that a platform takes.

Never inside what would break: a sign of several characters, a mention, an emoji, a time, a link.
A block of code or a spoiler that is longer than a message is closed at the end of a piece and
opened again in the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile
from typing import NamedTuple

from waddlebot.domain.clusters import clusters

MORE = "…"
_LEAST_FOR_BLOCKS = 60
"""With less room, opening and closing would leave none for words."""
_BLOCK = re.compile(
    r"(?P<fence>```(?:[\w+#.-]{0,20}\n)?)(?P<code>(?:(?!```).)+)```"
    r"|(?P<veil>\|\|)(?P<veiled>(?:(?!\|\||```).)+)\|\|",
    re.DOTALL,
)
_WHOLE = re.compile(
    r"<(?:[@#:/!]|a:|t:|id:)[^<>\n]{1,200}>"  # mentions, emoji, times, commands
    r"|<?https?://[^\s<>|]+>?|`[^`\n]+`|\\[!-/:-@\[-`{-~]|\r\n|\s"
)

Measure = Callable[[str], int]


def utf16_length(text: str) -> int:
    """As JavaScript, Java and C# count: most emoji are two."""
    return len(text) + sum(sign > "\uffff" for sign in text)


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """How it is opened again, and closed; two that look alike are two."""

    opening: str
    closing: str


class _Atom(NamedTuple):
    """`open` is the block that a cut behind it is inside of; `keeps`: none may follow."""

    text: str
    open: _Block | None = None
    keeps: bool = False

    @property
    def is_blank(self) -> bool:
        return self.text.isspace()


class _Room(NamedTuple):
    characters: int
    measure: Measure

    def has(self, text: str, less: int = 0) -> bool:
        return self.measure(text) <= self.characters - less


def split_text(
    text: str,
    *,
    most_characters: int,
    most_messages: int,
    measure: Measure = len,
    more: str = MORE,
) -> list[str]:
    """At line ends or between words where there are any; what does not fit ends with `more`.

    `measure` is how the platform counts.
    """
    rest, room = text.strip(), _Room(characters=most_characters, measure=measure)
    if room.has(rest):
        return [rest] if rest else []
    atoms, block, parts = list(_atoms(rest, room)), None, list[str]()
    while atoms:
        whole = _piece(atoms, block)
        if room.has(whole):
            return [*parts, whole] if whole else parts
        is_last = len(parts) == most_messages - 1
        count = _how_many(atoms, block, room, less=measure(more) if is_last else 0)
        parts.append(_piece(atoms[:count], block))
        if is_last:
            return [*parts[:-1], parts[-1] + more]
        block = atoms[count - 1].open
        atoms = atoms[count:]
        if block is None:
            atoms = list(dropwhile(lambda atom: atom.is_blank, atoms))
    return parts


def _piece(atoms: Sequence[_Atom], block: _Block | None) -> str:
    """As it is said: `block` is the one that it begins in."""
    text = (block.opening if block else "") + "".join(atom.text for atom in atoms)
    ends_in = atoms[-1].open
    if ends_in is None:
        return text.rstrip()
    return text + (ends_in.closing.lstrip("\n") if text.endswith("\n") else ends_in.closing)


def _how_many(atoms: Sequence[_Atom], block: _Block | None, room: _Room, *, less: int) -> int:
    """Of the atoms, as many as fit: to the end of a line or a word, or as they come.

    A cut outside a block comes before one inside, in the second half of the room.
    """
    most = room.characters - less
    used, fitting = room.measure(block.opening) if block else 0, 1
    found: dict[tuple[bool, bool], int] = {}
    was_open = block
    for count, atom in enumerate(atoms, start=1):
        used += room.measure(atom.text)
        said = used - (len(atom.text) if atom.is_blank and atom.open is None else 0)
        said += room.measure(atom.open.closing) if atom.open else 0
        if used > most and said > most:
            break
        is_block_end, was_open = was_open is not None and atom.open is None, atom.open
        if atom.keeps or said > most:
            continue
        fitting = count
        if used > most // 2 and (atom.is_blank or is_block_end):
            is_line = atom.text.endswith("\n") or is_block_end
            found[atom.open is None, is_line] = count
    return found[max(found)] if found else fitting


def _atoms(text: str, room: _Room) -> Iterator[_Atom]:
    end = 0
    if room.characters >= _LEAST_FOR_BLOCKS:
        for block in _BLOCK.finditer(text):
            yield from map(_Atom, _words(text[end : block.start()], room))
            yield from _of_block(block, room)
            end = block.end()
    yield from map(_Atom, _words(text[end:], room))


def _of_block(found: re.Match[str], room: _Room) -> Iterator[_Atom]:
    """What opens it stays with the first sign, what closes it with the last."""
    if found["fence"]:
        opening, closing = found["fence"].rstrip("\n") + "\n", "\n```"
        first, last, signs = found["fence"], "```", _signs(found["code"], room)
    else:
        opening = closing = first = last = "||"
        signs = _words(found["veiled"], room)
    block = _Block(opening, closing)
    yield _Atom(first, block, keeps=True)
    content = list(signs)
    yield from (_Atom(sign, block) for sign in content[:-1])
    yield _Atom(content[-1], block, keeps=True)
    yield _Atom(last)


def _words(text: str, room: _Room) -> Iterator[str]:
    end = 0
    for whole in _WHOLE.finditer(text):
        yield from _signs(text[end : whole.start()], room)
        if room.has(whole[0], less=room.characters // 2):
            yield whole[0]
        else:
            yield from _signs(whole[0], room)
        end = whole.end()
    yield from _signs(text[end:], room)


def _signs(text: str, room: _Room) -> Iterator[str]:
    """One that somebody piled marks upon without end is cut all the same."""
    for sign in clusters(text):
        most = max(room.characters // 4, 1)
        yield from (sign[at : at + most] for at in range(0, len(sign), most))
