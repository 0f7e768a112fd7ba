"""The variables of custom commands: what each needs, and what it comes to; pure.

Named as Nightbot and StreamElements name them (docs/custom-commands.md says what differs).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, quote_plus

from waddlebot.domain.custom_asked import ASKED
from waddlebot.domain.custom_facts import OF_ANSWERS, Fact
from waddlebot.domain.custom_fetching import OF_FETCHES
from waddlebot.domain.custom_forms import FORMS
from waddlebot.domain.custom_meanings import CALLERS, Calling, Meaning
from waddlebot.domain.custom_moments import in_words, read_last, read_next
from waddlebot.domain.custom_refused import says_why
from waddlebot.domain.custom_stream import OF_STREAM, TWITCH, check_twitch, is_of_another
from waddlebot.domain.custom_texts import Piece, Told, Variable, read_text, variables_of, wrong
from waddlebot.domain.custom_zones import zone_called
from waddlebot.domain.errors import Refusal
from waddlebot.domain.fetches import MOST_FETCHES
from waddlebot.domain.moment_formats import in_format
from waddlebot_sdk.grammar import take_words

MOST_REPEATED = 20
MOST_RANDOM = 10**9
MOST_ASKED = MOST_FETCHES
MOST_GIVEN = 400

_RANGE = re.compile(r"(?P<least>-?\d{1,10})(?:\s*[-,]\s*|\s+)(?P<most>-?\d{1,10})")
_COUNTER = re.compile(r"(?P<name>[^\W_]\w{0,49})?\s*(?P<by>[+-]\d{1,4})?")
COUNTING = frozenset({"count", "getcount"})
_COUNTED = "A counter is one word, and by how much: $(count), $(count deaths +2)."
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_TIMES = re.compile(r"\d{1,9}")
_TAIL = re.compile(r"(?P<name>random|time)\.(?P<given>.+)")


def tell(text: str, calling: Calling, *, most: int, telling: Callable[..., Told] = Told) -> str:
    """What is said, at most so many characters. Raises Refusal: it was saved by another release."""
    pieces = read_text(text)
    check_variables(pieces)
    told = telling(lambda variable, given: _value(variable, given, calling), most, FORMS)
    return told.tell(pieces)


def check_text(text: str) -> None:
    """Raises Refusal: a variable is none of ours, or what stands behind it makes no sense."""
    check_variables(read_text(text))


def check_variables(pieces: Sequence[Piece]) -> None:
    for variable in variables_of(pieces):
        if variable.position:
            continue
        name, tail = _named(variable)
        if name in FORMS:
            FORMS[name].check(variable.given)
            continue
        if name == TWITCH:
            check_twitch(variable.given)
        elif name in VARIABLES:
            given = (tail, *variable.given) if tail else variable.given
            if all(isinstance(one, str) for one in given):
                VARIABLES[name].check("".join(map(str, given)).strip())
            elif name in COUNTING:  # else whoever types makes counters, and takes from others
                raise wrong(_COUNTED)
        else:
            raise wrong(says_why(name))
    _check_asked([one for one in variables_of(pieces) if _is_asked(one)])


def _check_asked(asked: Sequence[Variable]) -> None:
    if len(asked) > MOST_ASKED:
        raise wrong(
            f"A text asks for {MOST_ASKED} things at most, as $(quote) and $(urlfetch …) do."
        )
    within = (one for variable in asked for one in variables_of(variable.given))
    if any(one.name in COUNTING or _is_asked(one) for one in within):
        raise wrong(
            "What is asked for is known before a text counts or asks: no $(count), $(quote) or "
            "$(urlfetch …) stands in another one."
        )


def _is_asked(variable: Variable) -> bool:
    return what_it_needs(variable) in OF_ANSWERS


def what_it_needs(variable: Variable) -> Fact | None:
    name, _ = _named(variable)
    if name == TWITCH and is_of_another(variable.given):
        return Fact.OTHER_CHANNEL
    return VARIABLES[name].needs if name in VARIABLES else None


def asked_in(text: str, calling: Calling) -> Mapping[Variable, str]:
    """What has to be asked for by itself, each with what stands behind it, said.

    Nothing is counted: see `_check_asked`. Nothing of a text that cannot be read.
    """
    try:
        asked = [one for one in variables_of(read_text(text)) if _is_asked(one)]
    except Refusal:
        return {}
    return {one: _given(one, calling) for one in asked[:MOST_ASKED]}


def _given(variable: Variable, calling: Calling) -> str:
    told = Told(lambda inner, given: _value(inner, given, calling), MOST_GIVEN, FORMS)
    return told.tell(variable.given).strip()


@lru_cache(maxsize=1_000)
def needs_of(text: str) -> frozenset[Fact]:
    """What is asked for before this text is said; nothing of one that cannot be read."""
    try:
        told = map(what_it_needs, variables_of(read_text(text)))
        return frozenset(need for need in told if need)
    except Refusal:
        return frozenset()


def counters_of(name: str, text: str) -> Iterator[str]:
    """By their names, those that this command's text counts with."""
    yield from ((named or name).lower() for named in _counting(text))


@lru_cache(maxsize=1_000)
def _counting(text: str) -> tuple[str, ...]:
    """As they are named in it, or not. Kept: whoever brings 300 commands in has all of their texts
    looked at behind each, and to read one takes 120 µs.
    """
    given = (
        "".join(one for one in variable.given if isinstance(one, str))
        for variable in variables_of(read_text(text))
        if variable.name in COUNTING
    )
    found = (_COUNTER.fullmatch(one.strip()) for one in given)
    return tuple((one and one["name"]) or "" for one in found)


def _value(variable: Variable, given: str, calling: Calling) -> str:
    if place := variable.position:
        return _at_place(place, calling)
    name, tail = _named(variable)
    if (needs := what_it_needs(variable)) in OF_ANSWERS and needs:
        return calling.facts.answer_to(variable, needs)
    told = f"{tail} {given}".strip()
    try:
        VARIABLES[name].check(told)
    except Refusal:  # it was typed: what was saved is looked at before
        return ""
    return VARIABLES[name].say(calling, told)


def _named(variable: Variable) -> tuple[str, str]:
    """`random.1-6` is `random 1-6`, `time.UTC` is `time UTC`."""
    found = None if variable.name in VARIABLES else _TAIL.fullmatch(variable.name)
    return (found["name"], found["given"]) if found else (variable.name, "")


def _at_place(place: re.Match[str], calling: Calling) -> str:
    first = int(place["first"])
    if place["onwards"]:
        return take_words(calling.typed, first - 1)[1]
    last = int(place["last"] or first)
    return " ".join(calling.words[first - 1 : last])


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
        raise wrong(_COUNTED)


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
    return in_format(calling.now.astimezone(zone_called(zone or calling.zone)), form)


def _zone_and_form(given: str) -> tuple[str, str]:
    words, rest = take_words(given, 1)
    return "".join(words), rest.strip("'\" ")


def _check_time(given: str) -> None:
    zone, _ = _zone_and_form(given)
    try:
        _ = zone_called(zone or "UTC")
    except (ValueError, OSError, KeyError):
        words = f"'{zone[:30]}' is no time zone. Say it like $(time Europe/Berlin) or $(time)."
        raise wrong(words) from None


def _repeat(_calling: Calling, given: str) -> str:
    words, rest = take_words(given, 1)
    times = words[0] if words else ""
    return " ".join([rest] * min(int(times) if _TIMES.fullmatch(times) else 0, MOST_REPEATED))


def _check_repeat(given: str) -> None:
    words, rest = take_words(given, 1)
    if not (words and _TIMES.fullmatch(words[0]) and int(words[0]) <= MOST_REPEATED and rest):
        raise wrong(f"Say how often, {MOST_REPEATED} at most, and what: $(repeat 3 Waddle)")


def _countdown(calling: Calling, given: str) -> str:
    moment = read_next(given, calling.zone, calling.now)
    return in_words(moment - calling.now) if moment else ""


def _until(calling: Calling, given: str) -> str:
    moment = read_next(given, "UTC", calling.now)
    return in_words(moment - calling.now) if moment else ""


def _countup(calling: Calling, given: str) -> str:
    moment = read_last(given, calling.zone, calling.now)
    return in_words(calling.now - moment) if moment else ""


def _check_moment(given: str) -> None:
    if read_next(given, "UTC", _SOME_DAY) is None:
        words = f"'{given[:30]}' is no time. Say it like $(countdown Dec 24 2026 18:00 UTC)."
        raise wrong(words)


def _emote(calling: Calling, _given: str) -> str:
    return calling.chance.choice(EMOTES if calling.platform == "twitch" else EMOJI)


def _tweet(_calling: Calling, given: str) -> str:
    return f"https://x.com/intent/tweet?text={quote(given, safe='')}"


def _check_tweet(given: str) -> None:
    if not given:
        raise wrong("Say what is to be posted: $(tweet Come and waddle with us!)")


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
    **OF_FETCHES,
    **OF_STREAM,
    "user": _USER,
    "sender": _USER,
    "source": _USER,
    **{f"{who}.name": _LOWER for who in CALLERS},
    "touser": Meaning(say=_touser),
    "touser.name": Meaning(say=lambda calling, given: _touser(calling, given).lower()),
    "userid": Meaning(say=lambda calling, _: calling.user_id),
    "userlevel": _LEVEL,
    **{f"{who}.level": _LEVEL for who in CALLERS},
    "query": _TYPED,
    "args": _TYPED,
    "querystring": Meaning(say=lambda calling, _: quote_plus(calling.typed)),
    "queryescape": Meaning(say=lambda calling, given: quote_plus(given or calling.typed)),
    "pathescape": Meaning(say=lambda calling, given: quote(given or calling.typed, safe="")),
    "channel": _CHANNEL,
    "channel.display_name": _CHANNEL,
    "command": Meaning(say=lambda calling, _: f"{calling.prefix}{calling.command}"),
    "msgid": Meaning(say=lambda calling, _: calling.line),
    "tweet": Meaning(say=_tweet, check=_check_tweet),
    "platform": Meaning(say=lambda calling, _: calling.platform),
    "provider": Meaning(say=lambda calling, _: calling.platform),
    "channel.provider": Meaning(say=lambda calling, _: calling.platform),
    "count": Meaning(say=_count, check=_check_count),
    "getcount": Meaning(say=lambda calling, given: _count(calling, given, 0), check=_check_count),
    "random": _RANDOM,
    "random.number": _RANDOM,
    "random.pick": Meaning(say=_pick, check=_check_pick),
    "time": _TIME,
    "time.timezone": Meaning(
        say=lambda calling, given: _time(calling, given or "UTC"), check=_check_time
    ),
    "time.until": Meaning(say=_until, check=_check_moment),
    "random.emote": Meaning(say=_emote),
    "countdown": Meaning(say=_countdown, check=_check_moment),
    "countup": Meaning(say=_countup, check=_check_moment),
    "pointsname": Meaning(say=lambda _calling, _: "points"),
    "channel.alias": Meaning(say=lambda calling, _: calling.channel.lower()),
    "channelid": Meaning(say=lambda calling, _: calling.place),
    "chatid": Meaning(say=lambda calling, _: calling.place),
    "channel.id": Meaning(say=lambda calling, _: calling.place),
    "channel.provider_id": Meaning(say=lambda calling, _: calling.place),
    "repeat": Meaning(say=_repeat, check=_check_repeat),
}
"""By the name behind the dollar, in small letters."""
