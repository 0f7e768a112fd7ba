"""Reads what people type: numbers, addresses, a quote and its author. Refuses in words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from functions.modules.memories import texts
from functions.modules.memories.tags import MOST_CHARACTERS as MOST_TAG_CHARACTERS
from functions.modules.memories.tags import fold_tag, is_tag
from waddlebot.domain.unseen import is_blank
from waddlebot_sdk import NotUnderstood
from waddlebot_sdk.addresses import bare_address

MOST_CHARACTERS = 500
MOST_TITLE_CHARACTERS = 100
MOST_TAGS = 10
NO_VALUE = frozenset({"none", "-"})
"""What is typed to take a part away."""
_LONGEST_SHORT = 3
"""`Ana B.`, `King Jr.`: an abbreviation ends no sentence."""
_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)
_OPENING = '"“”„«»\u2039\u203a「『\uff02'
_CLOSING = '"“”„«»\u2039\u203a」』\uff02'
"""Of every language; which two belong together is different in each."""
_MARKS = "".join(sorted({*_OPENING, *_CLOSING}))
_DASH = r"(?P<dash>-{1,2}|[\u2012-\u2015])"
_SIGNED = re.compile(
    rf"(?P<words>.*\S)\s+{_DASH}(?P<blank>\s*)(?P<author>[^\s-]\S*(?:\s+\S+){{0,3}})", re.DOTALL
)
_QUOTED = re.compile(
    rf"[{_OPENING}](?P<words>[^{_MARKS}]+)[{_CLOSING}]"
    rf"(?:(?:\s*{_DASH}\s*|\s+)(?P<author>[^\s{_MARKS}-][^{_MARKS}]*))?",
    re.DOTALL,
)
_NO_NAME = re.compile(rf"[=+*/;:|\\{_MARKS}]")
_SENTENCE_ENDS = (*".!?…\u3002\uff01\uff1f\u2019'", *_CLOSING)
_MENTION = re.compile(r"<@[!&]?\w+(?:\|[^<>]*)?>|@\S+")
_TAGGED = re.compile(
    rf"[{_OPENING}](?P<words>[^{_MARKS}]+)[{_CLOSING}]\s+"
    r"(?P<tags>[^\s,]\S*(?:(?<=,)\s+\S+)*)",  # each comma in one way: no two are tried
    re.DOTALL,
)
_HAS_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


def number_in(text: str) -> int | None:
    """`3` or `#3` as 3; None where it is something else."""
    found = _NUMBER.fullmatch(text.strip())
    return int(found.group(1)) if found else None


def read_number(text: str) -> int:
    number = number_in(text)
    if number is None:
        raise NotUnderstood(texts.no_number(text))
    return number


def read_quote(text: str) -> tuple[str, str]:
    """Words and author of `Waddle on! — Ana`, `Waddle on! -Ana` or `"Waddle on!" Ana`.

    The author may be empty: a dash inside a sentence, a score or a sum is no signature.
    """
    words, author = _signed(text.strip())
    return read_text(words.strip()), read_title(author.strip())


def _signed(text: str) -> tuple[str, str]:
    quoted = _QUOTED.fullmatch(text)
    if quoted and (quoted["dash"] or _is_name(quoted["author"] or "ana", is_clear=True)):
        return quoted["words"], quoted["author"] or ""
    found = _SIGNED.fullmatch(text)
    if found:
        is_double = found["dash"] == "--" and bool(found["blank"])
        is_clear = "-" not in found["dash"] or found["words"].endswith(_SENTENCE_ENDS)
        if _is_name(found["author"], is_clear=is_clear or is_double):
            return found["words"], found["author"]
    return text, ""


def _is_name(text: str, *, is_clear: bool) -> bool:
    """Whether somebody may be called so: a mention, or words of which the first is a name.

    `is_clear`: the words before have ended, so one small word is a name too.
    """
    if _MENTION.fullmatch(text):
        return True
    ends = text[-1] in ".!?" and len(text.rsplit(maxsplit=1)[-1]) > _LONGEST_SHORT
    if not text[:1].isalpha() or _NO_NAME.search(text) or ends:
        return False
    return not text[0].islower() or (is_clear and len(text.split()) == 1)


def read_words(text: str) -> str:
    """Raises NotUnderstood: nobody would see any of it, or it is too long."""
    if is_blank(text):
        raise NotUnderstood(texts.NOTHING_TO_SEE)
    return read_text(text)


def read_text(text: str) -> str:
    return _within(text, MOST_CHARACTERS)


def read_title(text: str) -> str:
    return _within(text, MOST_TITLE_CHARACTERS)


def read_address(text: str) -> str:
    """An http or https address; `https://` is put before one without a scheme."""
    bare = bare_address(text)
    address = bare if _HAS_SCHEME.match(bare) else f"https://{bare}"
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_web = is_web and "@" not in parts.netloc  # it would seem to lead elsewhere
    except ValueError:
        is_web = False
    if not is_web or any(character.isspace() for character in address):
        raise NotUnderstood(texts.no_address(text))
    return _within(address, MOST_CHARACTERS)


def read_tagged(text: str) -> tuple[str, tuple[str, ...]]:
    """`"be kind" rules,chat` as words and tags; words in no quotation marks have none."""
    found = _TAGGED.fullmatch(text.strip())
    return (found["words"], read_tags(found["tags"])) if found else (text, ())


def read_tags(text: str) -> tuple[str, ...]:
    """`raid, #Funny` as ("raid", "funny"), each once; none for `none`."""
    if text.strip().lower() in NO_VALUE:
        return ()
    tags = [fold_tag(tag) for tag in re.split(r"[\s,]+", text.strip()) if tag]
    wrong = next((tag for tag in tags if not is_tag(tag)), None)
    if wrong is not None or not tags:
        raise NotUnderstood(texts.no_tag(wrong or text, MOST_TAG_CHARACTERS))
    if len(set(tags)) > MOST_TAGS:
        raise NotUnderstood(texts.too_many_tags(MOST_TAGS))
    return tuple(dict.fromkeys(tags))


def read_category(text: str) -> str:
    name = fold_tag(text.strip())
    if not is_tag(name) or name[0].isdigit() or name in NO_VALUE:
        raise NotUnderstood(texts.no_category_name(text))
    return name


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise NotUnderstood(texts.too_long(len(text), most))
    return text
