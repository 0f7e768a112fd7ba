"""Variables of custom commands that ask a server which the community allows; pure.

`!settings set fetch api.example.org weather=https://wttr.in/{}?format=3` allows a host, and names
the address that is asked for `$(weather Oslo)`; `+wttr.in` and `-wttr.in` change one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from waddlebot.domain.custom_facts import Fact
from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_texts import Variable, wrong
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.fetches import Fetch, FetchForm
from waddlebot.domain.web_addresses import read_web_address
from waddlebot_sdk.own_words import say_command

MOST_ALLOWED = 20
MOST_SETTING_CHARACTERS = 1_000
PLACE = "{}"
ADDRESSED = frozenset({"urlfetch", "customapi", "readapi"})
SERVICES = frozenset(
    {
        *("weather", "leagueoflegends", "teamfighttactics", "steam", "lastfm", "rainwave"),
        *("stockprice", "ai", "djkhaled"),
    }
)
"""What other bots ask services of their choice for; here a community chooses."""
EMOTES: Mapping[str, tuple[str, FetchForm]] = {
    "7tvemotes": ("https://7tv.io/v3/users/twitch/{}", FetchForm.SEVEN_TV),
    "bttvemotes": ("https://api.betterttv.net/3/cached/users/twitch/{}", FetchForm.BTTV),
    "ffzemotes": ("https://api.frankerfacez.com/v1/room/id/{}", FetchForm.FFZ),
}
"""By a Twitch channel's id."""
_ADDS = "+"
_SIGNS = f"{_ADDS}-"
_JSON = re.compile(r"json\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """`services` are addresses by the variable that asks them, with PLACE for what is asked."""

    hosts: frozenset[str] = frozenset()
    services: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1_000)
def read_allowed(text: str) -> Allowed:
    """The setting, with blanks between. Raises Refusal."""
    entries = text.split()
    if len(entries) > MOST_ALLOWED or len(text) > MOST_SETTING_CHARACTERS:
        raise _refused(f"Texts may ask {MOST_ALLOWED} servers at most.")
    hosts, services = set[str](), dict[str, str]()
    for entry in entries:
        name, sign, address = entry.partition("=")
        if sign and name.lower() in SERVICES:
            services[name.lower()] = _template(address)
        else:
            hosts.add(_host(entry))
    return Allowed(hosts=frozenset(hosts), services=services)


def read_setting(text: str) -> str:
    """As it is kept. Raises Refusal."""
    allowed = read_allowed(" ".join(text.replace(",", " ").split()))
    named = (f"{name}={address}" for name, address in sorted(allowed.services.items()))
    return " ".join([*sorted(allowed.hosts), *named])


def joined_setting(before: str, typed: str) -> str:
    """`+wttr.in -weather` is what there was before, with that one and without this one; what says
    otherwise stands in its place.
    """
    entries = typed.replace(",", " ").split()
    if not entries or not all(entry[0] in _SIGNS for entry in entries):
        return typed
    kept = {_named(entry): entry for entry in before.split()}
    for entry in entries:
        kept.pop(_named(entry[1:]), None)
        if entry[0] == _ADDS:
            kept[_named(entry[1:])] = entry[1:]
    return " ".join(kept.values())


def _named(entry: str) -> str:
    """Of a service its variable, of a server its host."""
    name, _, _ = entry.lower().removeprefix("https://").partition("=")
    return name.rstrip("/")


def why_not_asked(variable: Variable, allowed: Allowed) -> str:
    """Half a sentence of what nobody may be asked for, whatever is typed; or nothing."""
    given = "".join(one if isinstance(one, str) else "x" for one in variable.given).strip()
    try:
        if variable.name in EMOTES:
            address, _ = EMOTES[variable.name]
            _check_allowed(read_web_address(address.replace(PLACE, "x")).host, allowed)
        else:
            _ = _fetch_at(variable.name, given, allowed)
    except Refusal as refusal:
        return refusal.say.removesuffix(".")
    return ""


def fetch_of(variable: Variable, given: str, calling: Calling, allowed: Allowed) -> Fetch:
    """What is asked for it. Raises Refusal: it is not allowed, or no address."""
    if variable.name in EMOTES:
        return _emotes(variable.name, calling, allowed)
    return _fetch_at(variable.name, given, allowed)


def _fetch_at(name: str, given: str, allowed: Allowed) -> Fetch:
    if name in SERVICES:
        return _of_service(name, given, allowed)
    address = read_web_address(_JSON.sub("", given, count=1))
    _check_allowed(address.host, allowed)
    return Fetch(address=str(address))


def _emotes(name: str, calling: Calling, allowed: Allowed) -> Fetch:
    if calling.platform != "twitch":
        raise _refused("only in Twitch's chat")
    address, form = EMOTES[name]
    found = read_web_address(address.replace(PLACE, quote(calling.place, safe="")))
    _check_allowed(found.host, allowed)
    return Fetch(address=str(found), form=form)


def _of_service(name: str, given: str, allowed: Allowed) -> Fetch:
    if name not in allowed.services:
        how = say_command(f"settings set fetch +{name}=https://…/{{}}")
        words = f"nobody is asked for {name} here; an admin names who: {how}"
        raise _refused(words)
    asked = allowed.services[name].replace(PLACE, quote(given, safe=""))
    return Fetch(address=str(read_web_address(asked)))


def _check_allowed(host: str, allowed: Allowed) -> None:
    if host not in allowed.hosts:
        how = say_command(f"settings set fetch +{host}")
        raise _refused(f"{host} is not allowed here; an admin allows it: {how}")


def _template(address: str) -> str:
    _ = read_web_address(address.replace(PLACE, "x"))
    return address


def _host(text: str) -> str:
    return read_web_address(f"https://{text.lower().removeprefix('https://').rstrip('/')}/").host


def _refused(say: str) -> Refusal:
    return Refusal(say, Because.WRONG, code="INVALID_SETTING", field="fetch")


def _check_address(given: str) -> None:
    try:
        _ = read_web_address(_JSON.sub("", given, count=1))
    except Refusal as refusal:
        raise wrong(f"{refusal.say} Like $(urlfetch https://api.example.org/joke).") from refusal


def _check_nothing(given: str) -> None:
    if given:
        raise wrong("It says this of the channel where it is typed: $(7tvemotes).")


def _asked(_calling: Calling, _given: str) -> str:
    raise AssertionError("it is said from what was asked for")


OF_FETCHES: Mapping[str, Meaning] = {
    **{name: Meaning(say=_asked, check=_check_address, needs=Fact.FETCHED) for name in ADDRESSED},
    **{name: Meaning(say=_asked, needs=Fact.FETCHED) for name in SERVICES},
    **{name: Meaning(say=_asked, check=_check_nothing, needs=Fact.FETCHED) for name in EMOTES},
    "quote": Meaning(say=_asked, needs=Fact.QUOTE),
}
