"""The variables of custom commands: what each needs, and what it comes to; pure.

Named as Nightbot and StreamElements name them (docs/custom-commands.md says what differs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus
from zoneinfo import ZoneInfo

from waddlebot.domain.custom_asked import ASKED
from waddlebot.domain.custom_facts import Fact
from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_moments import in_words, read_moment
from waddlebot.domain.custom_stream import OF_STREAM
from waddlebot.domain.custom_texts import Piece, Told, Variable, read_text, variables_of, wrong
from waddlebot.domain.errors import Refusal
from waddlebot.domain.moment_formats import in_format
from waddlebot_sdk.grammar import take_words
from waddlebot_sdk.own_words import say_command

MOST_REPEATED = 20
MOST_RANDOM = 10**9

_RANGE = re.compile(r"(?P<least>-?\d{1,10})(?:\s*[-,]\s*|\s+)(?P<most>-?\d{1,10})")
_COUNTER = re.compile(r"(?P<name>[^\W_]\w{0,49})?\s*(?P<by>[+-]\d{1,4})?")
_TAIL = re.compile(r"(?P<name>random)\.(?P<given>-?\d.*)")


def tell(text: str, calling: Calling, *, most: int) -> str:
    """What is said, at most so many characters. Raises Refusal: it was saved by another release."""
    pieces = read_text(text)
    check_variables(pieces)
    return Told(lambda variable, given: _value(variable, given, calling), most).tell(pieces)


def check_text(text: str) -> None:
    """Raises Refusal: a variable is none of ours, or what stands behind it makes no sense."""
    check_variables(read_text(text))


def check_variables(pieces: Sequence[Piece]) -> None:
    for variable in variables_of(pieces):
        if variable.position:
            continue
        name, tail = _named(variable)
        if name in VARIABLES:
            given = (tail, *variable.given) if tail else variable.given
            if all(isinstance(one, str) for one in given):
                VARIABLES[name].check("".join(map(str, given)).strip())
            continue
        raise wrong(_says_why(name))


@lru_cache(maxsize=1_000)
def needs_of(text: str) -> frozenset[Fact]:
    """What is asked for before this text is said; nothing of one that cannot be read."""
    try:
        told = [_named(variable)[0] for variable in variables_of(read_text(text))]
    except Refusal:
        return frozenset()
    return frozenset(need for name in told if name in VARIABLES and (need := VARIABLES[name].needs))


def counters_of(name: str, text: str) -> Iterator[str]:
    """By their names, those that this command's text counts with."""
    for variable in variables_of(read_text(text)):
        if variable.name in {"count", "getcount"}:
            given = "".join(one for one in variable.given if isinstance(one, str))
            found = _COUNTER.fullmatch(given.strip())
            yield ((found and found["name"]) or name).lower()


def _value(variable: Variable, given: str, calling: Calling) -> str:
    if place := variable.position:
        return _at_place(place, calling)
    name, tail = _named(variable)
    return VARIABLES[name].say(calling, f"{tail} {given}".strip())


def _named(variable: Variable) -> tuple[str, str]:
    """`random.1-6` is `random 1-6`."""
    found = _TAIL.fullmatch(variable.name)
    return (found["name"], found["given"]) if found else (variable.name, "")


def _at_place(place: re.Match[str], calling: Calling) -> str:
    first = int(place["first"])
    if place["onwards"]:
        return take_words(calling.typed, first - 1)[1]
    last = int(place["last"] or first)
    return " ".join(calling.words[first - 1 : last])


def _says_why(name: str) -> str:
    base = name.partition(".")[0]
    if why := REFUSED.get(name) or REFUSED.get(base):
        return why.replace("{}", f"$({name if name in REFUSED or '/' not in name else base} …)")
    return (
        f"There is no variable $({name[:30]}). There are $(user), $(touser), $(1), $(query), "
        "$(count), $(random 1-6), $(random.pick a b), $(time), $(channel) and more. "
        "A dollar before a bracket that is none: \\$("
    )


def _touser(calling: Calling, _given: str) -> str:
    first = next(iter(calling.words), "")
    return first.removeprefix("@") or calling.user


def _user(calling: Calling, given: str) -> str:
    return given.removeprefix("@") or calling.user


def _count(calling: Calling, given: str, usual: int = 1) -> str:
    found = _COUNTER.fullmatch(given)
    name = (found and found["name"]) or calling.command
    return str(calling.count(name.lower(), int((found and found["by"]) or usual)))


def _check_count(given: str) -> None:
    if not _COUNTER.fullmatch(given):
        raise wrong("A counter is one word, and by how much: $(count), $(count deaths +2).")


def _random(calling: Calling, given: str) -> str:
    found = _RANGE.fullmatch(given)
    least, most = (int(found["least"]), int(found["most"])) if found else (1, 100)
    return str(calling.chance.randint(*sorted((least, most))))


def _check_random(given: str) -> None:
    if given and not _RANGE.fullmatch(given):
        raise wrong("Say from where to where: $(random 1-6). Words: $(random.pick yes no).")


def _pick(calling: Calling, given: str) -> str:
    return calling.chance.choice(_choices(given) or [""])


def _choices(given: str) -> Sequence[str]:
    """Words; `'two words'` and `"two words"` are one."""
    return [one for found in _CHOICE.finditer(given) if (one := found[1] or found[2] or found[0])]


_CHOICE = re.compile(r"'([^']*)'(?!\S)|\"([^\"]*)\"(?!\S)|\S+")


def _check_pick(given: str) -> None:
    if not given:
        raise wrong("Say of which words: $(random.pick yes no 'not today').")


def _time(calling: Calling, given: str) -> str:
    zone, form = _zone_and_form(given)
    return in_format(calling.now.astimezone(ZoneInfo(zone or calling.zone)), form)


def _zone_and_form(given: str) -> tuple[str, str]:
    words, rest = take_words(given, 1)
    return "".join(words), rest.strip("'\" ")


def _check_time(given: str) -> None:
    zone, _ = _zone_and_form(given)
    try:
        _ = ZoneInfo(zone or "UTC")
    except (ValueError, OSError, KeyError):
        words = f"'{zone[:30]}' is no time zone. Say it like $(time Europe/Berlin) or $(time)."
        raise wrong(words) from None


def _repeat(_calling: Calling, given: str) -> str:
    words, rest = take_words(given, 1)
    times = words[0] if words else ""
    return " ".join([rest] * min(int(times) if times.isdigit() else 0, MOST_REPEATED))


def _check_repeat(given: str) -> None:
    words, rest = take_words(given, 1)
    if not (words and words[0].isdigit() and int(words[0]) <= MOST_REPEATED and rest):
        raise wrong(f"Say how often, {MOST_REPEATED} at most, and what: $(repeat 3 Waddle)")


def _countdown(calling: Calling, given: str) -> str:
    moment = read_moment(given, calling.zone)
    return in_words(moment - calling.now) if moment else ""


def _countup(calling: Calling, given: str) -> str:
    moment = read_moment(given, calling.zone)
    return in_words(calling.now - moment) if moment else ""


def _check_moment(given: str) -> None:
    if read_moment(given, "UTC") is None:
        words = f"'{given[:30]}' is no time. Say it like $(countdown Dec 24 2026 18:00 UTC)."
        raise wrong(words)


def _emote(calling: Calling, _given: str) -> str:
    return calling.chance.choice(EMOTES if calling.platform == "twitch" else EMOJI)


_USER = Meaning(say=_user)
_TYPED = Meaning(say=lambda calling, _: calling.typed)
_CHANNEL = Meaning(say=lambda calling, _: calling.channel)
_LEVEL = Meaning(say=lambda calling, _: calling.level)
_TIME = Meaning(say=_time, check=_check_time)
_RANDOM = Meaning(say=_random, check=_check_random)
_LOWER = Meaning(say=lambda calling, given: _user(calling, given).lower())

EMOTES = ("Kappa", "PogChamp", "LUL", "HeyGuys", "VoHiYo", "SeemsGood", "BibleThump", "TwitchUnity")
"""Of those that everybody has on Twitch; elsewhere they would be words."""
EMOJI = ("😀", "😂", "😍", "😎", "🎉", "👍", "❤️", "🐧")

VARIABLES: Mapping[str, Meaning] = {
    **ASKED,
    **OF_STREAM,
    "user": _USER,
    "sender": _USER,
    "source": _USER,
    "user.name": _LOWER,
    "sender.name": _LOWER,
    "touser": Meaning(say=_touser),
    "touser.name": Meaning(say=lambda calling, given: _touser(calling, given).lower()),
    "userid": Meaning(say=lambda calling, _: calling.user_id),
    "userlevel": _LEVEL,
    "user.level": _LEVEL,
    "query": _TYPED,
    "args": _TYPED,
    "querystring": Meaning(say=lambda calling, _: quote_plus(calling.typed)),
    "queryescape": Meaning(say=lambda calling, given: quote_plus(given or calling.typed)),
    "pathescape": Meaning(say=lambda calling, given: quote(given or calling.typed, safe="")),
    "channel": _CHANNEL,
    "channel.display_name": _CHANNEL,
    "platform": Meaning(say=lambda calling, _: calling.platform),
    "provider": Meaning(say=lambda calling, _: calling.platform),
    "count": Meaning(say=_count, check=_check_count),
    "getcount": Meaning(say=lambda calling, given: _count(calling, given, 0), check=_check_count),
    "random": _RANDOM,
    "random.number": _RANDOM,
    "random.pick": Meaning(say=_pick, check=_check_pick),
    "time": _TIME,
    "random.emote": Meaning(say=_emote),
    "countdown": Meaning(say=_countdown, check=_check_moment),
    "countup": Meaning(say=_countup, check=_check_moment),
    "pointsname": Meaning(say=lambda _calling, _: "points"),
    "channel.alias": Meaning(say=lambda calling, _: calling.channel.lower()),
    "channelid": Meaning(say=lambda calling, _: calling.place),
    "chatid": Meaning(say=lambda calling, _: calling.place),
    "repeat": Meaning(say=_repeat, check=_check_repeat),
}
"""By the name behind the dollar, in small letters."""

_PROGRAM = (
    "{} runs a program, which no text here does. Write $(random.pick a b c) for one of several "
    "words, $(random 1-6) for a number, $(1|friend) for what is said where nothing is typed."
)
_FETCH = (
    "{} asks another server, which no text here does yet. Write what it would say, or have a rule "
    f"ask: {say_command('rules add')} contains … webhook https://…"
)
_NOT_YET = "{} is not known here yet. Leave it out, or write what it would say."
_ANOTHERS = "{} asks a service that nobody connects here. Write where to look: an address."
_CHANGES = "{} would change the channel, and a text changes nothing. Change it on Twitch."
REFUSED: Mapping[str, str] = {
    **dict.fromkeys(("eval", "math", "js"), _PROGRAM),
    **dict.fromkeys(("urlfetch", "customapi", "readapi"), _FETCH),
    **dict.fromkeys(("weather", "leagueoflegends", "steam", "ytvideo", "tweet"), _ANOTHERS),
    **dict.fromkeys(("setgame", "settitle"), _CHANGES),
    **dict.fromkeys(
        (
            *("followage", "quote", "lasttip"),
            *("user", "sender", "touser", "channel", "random"),
        ),
        _NOT_YET,
    ),
}
"""What other bots have: why it is not here, and what to write instead."""
