"""Variables of custom commands that say something by chance; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_texts import wrong

EMOTES = ("Kappa", "PogChamp", "LUL", "HeyGuys", "VoHiYo", "SeemsGood", "BibleThump", "TwitchUnity")
"""Of those that everybody has on Twitch; elsewhere they would be words."""
EMOJI = ("😀", "😂", "😍", "😎", "🎉", "👍", "❤️", "🐧")

_RANGE = re.compile(r"(?P<least>-?\d{1,10})(?:\s*[-,]\s*|\s+)(?P<most>-?\d{1,10})")
_CHOICE = re.compile(r"'([^']*)'(?!\S)|\"([^\"]*)\"(?!\S)|\S+")


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


def _check_pick(given: str) -> None:
    if not given:
        raise wrong("Say of which words: $(random.pick yes no 'not today').")


def _emote(calling: Calling, _given: str) -> str:
    return calling.chance.choice(EMOTES if calling.platform == "twitch" else EMOJI)


_RANDOM = Meaning(say=_random, check=_check_random)

OF_CHANCE: Mapping[str, Meaning] = {
    "random": _RANDOM,
    "random.number": _RANDOM,
    "random.pick": Meaning(say=_pick, check=_check_pick),
    "random.emote": Meaning(say=_emote),
}
"""By their names."""
