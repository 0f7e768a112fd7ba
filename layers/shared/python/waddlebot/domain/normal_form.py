"""A text as people read it: what it is compared by, beside what was typed.

Undone: look-alikes of Latin letters, other dresses of the same letter (full width, mathematical),
invisible characters, marks piled on letters, white space in runs, Markdown, percent-encoding,
letters spelt out one by one, and what a platform writes for a mention or an emoji of its own.
A plain line in ASCII is its own normal form and costs a look at its characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

import re2

from waddlebot.domain.look_alikes import (
    BOLDLY,
    IN_ANY_WORD,
    IN_MIXED_WORDS,
    LATIN_IN_CYRILLIC,
    table,
)
from waddlebot.domain.rule_patterns import options
from waddlebot.domain.unseen import CONTROLS, LOOK_BLANK_RANGES, UNSEEN, UNSEEN_RANGES

# Which rules look at a reading; plain numbers, since each line asks several times.
RAW, WORDS, PATTERNS, SPLIT = 1, 2, 4, 8
"""SPLIT is of plain texts with a blank in them: to others its halves of words are no words."""
ALL = RAW | WORDS | PATTERNS | SPLIT


# Bounded, and none runs over the beginning of the next: a line of 40,000 `<!a` takes no time.
_MARKUP = re.compile(
    r"<(?:a?:(?P<emoji>\w{1,64}):\d{1,30}|"
    r"[@#!][!&]?[\w^]{1,64}(?:\|(?P<name>[^<>|]{0,200}))?|t:-?\d{1,20}(?::\w)?|"
    r"(?P<link>[a-z][a-z0-9+.-]{1,20}:[^<>|\s]{1,2000})(?:\|(?P<label>[^<>]{0,500}))?|"
    r"!\w[^<>|]{0,500}\|(?P<other>[^<>|]{0,500}))>",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(<?([^()\s<>]{1,600})>?\)")
_WRITTEN = re.compile(r"[*_~|`\\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKS = re.compile(r"\*+|__+|~~+|\|\|+|`+|(?<![^\W_])_|_(?![^\W_])")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_SPELT = re.compile(r"(?<![^\W_])[^\W_]([^\w\n]{1,2}|_)[^\W_](?:\1[^\W_])+(?![^\W_])")
_RUN = re.compile(r"[^\W\d_]+")
_LEAST_SPELT, _LONGEST_WORD = 6, 16
"""In letters: what is shorter is `g g w p` and `P O G`."""
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_CONTROL = re.compile(f"[{CONTROLS}]+")
_LOOKS_BLANK = re.compile(f"[{LOOK_BLANK_RANGES}]")
# Marks of Latin, Greek, Cyrillic, Hebrew and Arabic, which people read past; those of Indian
# scripts are vowels. Letters that have such a mark of their own are plain ones in Latin alone.
_PILED = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_MARKED = re.compile(f"[\u00c0-\u024f\u1e00-\u1eff{_PILED}]")
_OF_OTHERS = re.compile("[\u0370-\u1fff]")
_LATIN = re.compile("[A-Za-z]")
_LATIN_BEFORE = re.compile("[A-Za-z0-9][\u0370-\u1fff]")
_LATIN_BEHIND = re.compile("[\u0370-\u1fff][A-Za-z0-9]")
_IN_MIXED = table(IN_MIXED_WORDS)
_IN_CYRILLIC = table(LATIN_IN_CYRILLIC)
# A bolder reading, for patterns alone: whole words of another script that can all be folded, and
# signs between the letters of a word.
_BOLDLY = _IN_MIXED | table(BOLDLY)
_FOREIGN = "".join(map(chr, _BOLDLY)).replace("ч", "")
_PICTURES = "\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f"
_LETTER = r"[^\W\d_]"
_FOLDABLE = re.compile(rf"(?<!\w)[A-Za-z0-9{_FOREIGN}]{{2,}}(?!\w)")
_TURNED = re.compile("\u202e([^\u202c\u202d]*)\u202c?")
_RARE_CYRILLIC = re.compile("[\u04d0-\u04f9]")
_SIGNS = "-.·・|*_~'"
# A sign, or pictures, between letters, or pictures between words. All it may begin with comes
# first, as that is found quickly; then what stands before it, and only then which it is.
_PARTED = re.compile(
    rf"[{_SIGNS}{_PICTURES} ](?<=\w.)"
    rf"(?:(?<=[{_SIGNS}])(?={_LETTER})|(?<=[{_PICTURES}])[{_PICTURES}]*(?={_LETTER})"
    rf"|(?<= )[{_PICTURES}]+ (?=\w))"
)
# ⒡ is (f) to NFKC.
_IN_BRACKETS = {0x249C + number: chr(ord("a") + number) for number in range(26)}
# One letter that NFKC makes eighteen of would make a line eighteen times as long.
_LIGATURES = {0xFDFA: "صلى", 0xFDFB: "جل"}
_BY_LOOK = (
    table(IN_ANY_WORD)
    | _IN_BRACKETS
    | _LIGATURES
    | dict.fromkeys(map(ord, f"\u3000\u1680{LOOK_BLANK_RANGES}"), " ")
)
# One look tells of most lines that nothing is to be undone: a BMP character is found by table, and
# the others are few ranges. What NFKC changes and what is not printable is found otherwise.
_DRESSED_RANGES = (
    "\u034f\u0640\u17b4\u17b5\u180b-\u180f\u2d7f\ufe00-\ufe0f\U0001f100-\U0001f1ff"
    "\U00010000-\U00011fff\U00013430-\U00013442\U00016f00-\U00016fff\U0001d159"
    "\U000e0000-\U000e0fff\U0001df00-\U0001dfff"
    + "".join(letter for letter in map(chr, _BY_LOOK) if letter < chr(0x10000))
)
_DRESSED = re.compile(f"[{_DRESSED_RANGES}]")
_BLANKS = "\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SIGN = "[!-/:-@\\[-`{-~\u2000-\u2bff\U0001f000-\U0001faff]"
_VISIBLE = "[!-~\u0080-\u1fff]"
_ONE_BY_ONE = (
    "  ",
    f" {_VISIBLE} {_VISIBLE} ",
    f"{_SIGN}{_VISIBLE}{_SIGN}{_VISIBLE}{_SIGN}",
)
# What may make more of a line than what was typed; more than it does is no harm.
_WRITTEN_ODDLY = "|".join((*_ONE_BY_ONE, rf"[*_~|`%&\\<\[\t\n{_BLANKS}{CONTROLS}]"))
_ODD = "|".join(
    (
        _WRITTEN_ODDLY,
        f"[{_PILED}{UNSEEN_RANGES}{_DRESSED_RANGES}]",
        "[A-Za-z0-9][\u0370-\u1fff]|[\u0370-\u1fff][A-Za-z0-9]",
    )
)
_OF_WORDS, _LETTERS = r"[\pL\pN_]", r"[\pL\p{Nl}\p{No}]"
# Without one of these no bolder reading differs from what it was read from.
_TO_BE_BOLD = "|".join(
    (
        f"[{_FOREIGN}\u202e\u04d0-\u04f9]",
        f"{_OF_WORDS}(?:[.·・|*_~'-]|[{_PICTURES}]+){_LETTERS}",
        f"{_OF_WORDS} [{_PICTURES}]+ {_OF_WORDS}",
    )
)
_IS_ODD, _IS_MARKED, _MAY_BE_BOLD = 0, 1, 2


def _look_at(text: str) -> Sequence[int]:
    """What there is to undo."""
    if not (text.isascii() or unicodedata.is_normalized("NFKC", text)):
        return _IS_ODD, _MAY_BE_BOLD
    return _look().Match(text.encode("utf-8", "replace")) or ()


@cache
def _look() -> Any:
    """One pass of RE2, answered with places."""
    return _compiled(_ODD, "[\u00c0-\u024f\u1e00-\u1eff]", _TO_BE_BOLD)


@cache
def _look_at_writing() -> Any:
    return _compiled(_WRITTEN_ODDLY)


def _compiled(*expressions: str) -> Any:
    compiled = re2.Set.SearchSet(options())
    for expression in expressions:
        compiled.Add(expression.encode())
    compiled.Compile()
    return compiled


def readings(text: str) -> dict[str, int]:
    """The text as typed and as people read it, as far as that differs; and who looks at each."""
    if text.isascii() and not _look_at_writing().Match(text.encode()):
        return {text: ALL}  # as most lines: what hides a text in ASCII is how it is written
    seen = _look_at(text)
    found = _plain_readings(text, seen)
    is_plain = len(found) == 1
    if not is_plain and _LOOKS_BLANK.search(text):
        closed = _LOOKS_BLANK.sub("", text)
        for reading, sees in _plain_readings(closed, _look_at(closed)).items():
            found[reading] = found.get(reading, 0) | (sees & ~RAW)
    if not text.isascii() and (_IS_ODD in seen or _MAY_BE_BOLD in seen):
        for reading in _read_boldly(tuple(found)):
            found.setdefault(reading, PATTERNS)
    if not is_plain and (parted := _parted(text)):
        found.setdefault(parted, SPLIT)
    return found


def _parted(text: str) -> str:
    """`f r e e n i t r o` as any two words that it may be, each pair a line of its own.

    All that is spelt out is looked at; of each letter at most 33 more are made.
    """
    runs = [found[0].replace(found[1], "") for found in _SPELT.finditer(_undressed(text))]
    spelt = _RUN.findall(_undone(" ".join(dict.fromkeys(runs)))[-1]) if runs else ()
    return "\n".join(
        f"{run[max(0, end - _LONGEST_WORD) : end]} {run[end : end + _LONGEST_WORD]}"
        for run in spelt
        if len(run) >= _LEAST_SPELT
        for end in range(2, len(run) - 1)
    )


def _read_boldly(found: tuple[str, ...]) -> set[str]:
    """Whole words folded, signs between letters gone, and what was turned round turned back."""
    bold: set[str] = set()
    for reading in found:
        turned = _TURNED.sub(lambda part: part[1][::-1], reading)
        plain = _RARE_CYRILLIC.sub(_without_marks, turned)
        bold.update((plain, _folded_boldly(plain)))
    return bold | {_PARTED.sub("", one) for one in bold}


def _folded_boldly(text: str) -> str:
    if _BOLDLY.keys().isdisjoint(map(ord, text)):  # as most lines: the search for words is dear
        return text
    return _FOLDABLE.sub(lambda word: word[0].translate(_BOLDLY), text)


def _plain_readings(text: str, seen: Sequence[int]) -> dict[str, int]:
    if _IS_ODD not in seen:
        if _IS_MARKED not in seen:
            return {text: ALL}
        return {_MARKED.sub(_without_marks, text): WORDS | PATTERNS, text: ALL}
    if "<" not in text:
        return dict.fromkeys((text, *_undone(text)), WORDS | PATTERNS) | {text: ALL}
    found: dict[str, int] = {text: RAW | WORDS}
    named, unnamed = _MARKUP.sub(_name, text), _MARKUP.sub(_kept_link, text)
    for start, sees in ((named, WORDS), (unnamed, PATTERNS)):
        for reading in (start, *_undone(start)):
            found[reading] = found.get(reading, 0) | sees
    return found


def _mixes_scripts(text: str) -> bool:
    if not (_OF_OTHERS.search(text) and _LATIN.search(text)):
        return False
    return bool(_LATIN_BEFORE.search(text) or _LATIN_BEHIND.search(text))


def normal_form(text: str) -> str:
    """In lower case; what moderators are shown."""
    return _undone(_MARKUP.sub(_name, text))[-1].casefold()


def _name(found: re.Match[str]) -> str:
    named = found["emoji"] or found["name"] or found["other"]
    return f" {named} " if named else _kept_link(found)


def _kept_link(found: re.Match[str]) -> str:
    """An address is text; who or what is mentioned is none."""
    return " ".join(filter(None, (found["label"], found["link"]))) if found["link"] else " "


def _undone(text: str) -> tuple[str, str]:
    """With the marks of its own letters, as é, and without them."""
    plain = _CONTROL.sub("", text) if text.isascii() else _undressed(text)
    if _look_at_writing().Match(plain.encode("utf-8", "replace")):
        plain = _plainly_written(plain)
    plain = plain.strip()
    if plain.isascii():
        return plain, plain
    bare = _MARKED.sub(_without_marks, plain)
    if _mixes_scripts(bare):
        bare = _WORD.sub(_in_one_script, bare)
    return plain, bare


def _undressed(text: str) -> str:
    is_normal = unicodedata.is_normalized("NFKC", text) and text.isprintable()
    if is_normal and not _DRESSED.search(text):
        return text
    text = unicodedata.normalize("NFKC", text.translate(_BY_LOOK))
    return UNSEEN.sub("", text if is_normal else _SPACES.sub(" ", text))


def _plainly_written(text: str) -> str:
    """Without Markdown, percent-encoding, runs of blanks, and letters spelt out one by one."""
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: _ENTITIES[found[0]], text)
    links = _LINK.findall(text) if "](" in text else ()
    if links:  # what is read comes first, where it leads to last
        text = " ".join((_LINK.sub(r"\1", text), *(address for _, address in links)))
    if _WRITTEN.search(text):
        text = _MARKS.sub("", _ESCAPE.sub(r"\1", text))
    text = _SPELT.sub(lambda found: found[0].replace(found[1], ""), text)
    return _SPACES.sub(" ", text)


def _without_marks(found: re.Match[str]) -> str:
    return _bare(found[0])


@lru_cache(maxsize=2_000)
def _bare(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    return "".join(one for one in decomposed if not _PILED_MARK.match(one)).translate(_BY_LOOK)


_PILED_MARK = re.compile(f"[{_PILED}]")


def _in_one_script(word: re.Match[str]) -> str:
    """Of a word that is partly Latin, all of it, or what most of it is, where that is Cyrillic."""
    text = word[0]
    if text.isascii() or not any(letter.isascii() and letter.isalpha() for letter in text):
        return text
    others = [letter for letter in text if "\u0400" <= letter <= "\u04ff"]
    latin = [letter for letter in text if letter.isascii()]
    is_cyrillic = len(others) > len(latin) or any(ord(one) not in _IN_MIXED for one in others)
    if others and is_cyrillic and all(ord(letter) in _IN_CYRILLIC for letter in latin):
        return text.translate(_IN_CYRILLIC)
    return text.translate(_IN_MIXED)
