# ruff: noqa: RUF001 - words of other scripts
"""Rules that communities ask for again and again, by name: what they hit, in patterns.

A phrase is written in plain letters here. Each may be repeated and have a digit or sign in its
place (`n1tr00`); `~` is where a blank or a dot may stand. What else hides a text is undone before
a rule sees it (`normal_form.py`), and words of scripts without Latin letters are written out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_IN_PLACE_OF = {
    "a": "[a4@]",
    "e": "[e3€]",
    "i": "[i1!l|]",
    "o": "[o0]",
    "s": "[s5$]",
    "l": "[l1|]",
    "g": "[g9]",
}
_BETWEEN_WORDS = r"[ ,.:_*/+-]*"
_WITHIN = "[ ._*-]?"
_PIECE = re.compile(r"\([^()]*\)\??|\[[^\]]*\][*+?]?|~|\\.|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Preset:
    """`patterns` are regular expressions as a moderator could write them."""

    name: str
    summary: str
    phrases: tuple[str, ...]

    @property
    def patterns(self) -> tuple[str, ...]:
        return tuple(map(_pattern, self.phrases))


@cache
def _pattern(phrase: str) -> str:
    """`fr~ee ni~tro` as `\\bf+r+[ ._*-]?[e3]+…`; `=` before a phrase leaves it as it is."""
    if phrase.startswith("="):
        return phrase[1:]
    words = [_word(word) for word in phrase.split(" ")]
    return rf"\b{_BETWEEN_WORDS.join(words)}"


def _word(word: str) -> str:
    """`(buy|get)` is one of these, `(free)?` may be there."""
    written = ""
    for piece in _PIECE.findall(word):
        if piece[0] == "(":
            options = "|".join(map(_letters, piece.strip("?")[1:-1].split("|")))
            written += f"(?:{options}){'?' if piece.endswith('?') else ''}"
        else:
            written += _letters(piece)
    return written


def _letters(text: str) -> str:
    written = ""
    for letter in re.sub(r"([a-z])\1+", r"\1", text):
        if letter == "~":
            written += _WITHIN
        elif letter.isalpha() and letter.isascii():
            written += f"{_IN_PLACE_OF.get(letter, letter)}+"
        else:
            written += letter
    return written


_SCAMS = Preset(
    name="scams",
    summary="free Nitro, gifts, doubled money, and pay that is too good",
    phrases=(
        "fr~ee (discord|steam|roblox|twitch)? (one|month|1|3|year)? ni~tro",
        "ni~tro (for|4)? fr~ee",
        "ni~tro (giveaway|generator|gifts|codes)",
        "cla~im (your|ur|my)? (fr~ee)? (ni~tro|gift~card|reward|prize|airdrop|robux)",
        "fr~ee (steam|csgo|cs2|fortnite|amazon)? (gift~cards?|robux|v-?bucks)",
        "fr~ee (steam|csgo|cs2|fortnite) skins",
        "fr~ee skins (here|at|on|giveaway|link|http)",
        "(double|multiply|triple) (your|ur) (bitcoin|btc|eth|crypto|money|coins)",
        "(bitcoin|btc|eth|crypto|elon) (giveaway|airdrop|doubler)",
        "send (me|us)? (bitcoin|btc|eth|crypto|usdt) (and|to)? (get|receive)",
        (
            r"=(?i)\be[a4]rn(?:ed|ing)?[ :]*(?:up to |over )?[$€£]? ?\d[\d.,k]*[$€£]? ?"
            r"(?:dollars |usd )?(?:a|per|every|each|/)? ?(?:day|daily|week|weekly|hour)"
        ),
        "(guaranteed|daily) (profits?|returns)",
        "(dm|text|whatsapp|message|contact) (me|us) (to|and)? (earn|invest|profit)",
        (
            "=бесплатн[а-я]+ (?:нитро|скины|робуксы)|раздач[а-я]+ (?:нитро|скинов)|"
            "(?:удвоим|удвой|удвоить) (?:ваши |свои )?(?:биткоин|биткоины|деньги|крипту)"
        ),
        (
            r"=заработок от \d+|нитро бесплатно|δωρεαν nitro|nitro δωρεαν|nitro δωρεάν|"
            "δωρεάν nitro|nitro gratis|gratis nitro|free нитро"
        ),
        (
            r"=نيترو مجان|"
            r"(?:ضاعف|مضاعفة) (?:أموالك|بيتكوين|البيتكوين)|اربح \d+|"
            "मुफ्त (?:नाइट्रो|निट्रो|गिफ्ट|nitro)|फ्री (?:नाइट्रो|nitro)|(?:पैसे|पैसा) (?:दोगुना|डबल)"
        ),
        (
            r"=免费 ?(?:的 ?)?(?:nitro|礼品卡|皮肤|领取)|(?:加|添加) ?微信|日赚 ?\d+|無料 ?nitro|"
            "ナイトロ無料|무료 ?(?:니트로|nitro)"
        ),
    ),
)
_FOLLOWERS = Preset(
    name="followers",
    summary="bought followers, viewers and primes",
    phrases=(
        "(buy|cheap|cheapest|sell|selling) (real|twitch|cheap)? (followers|viewers|primes?|views)",
        "buy (subscribers|chatters|follows|subs) (cheap|now|here|at|on)",
        "(buy|cheap) (followers|viewers) (and|&)? (primes?|views|followers|viewers)",
        "best (and)? (cheap)? (viewers|followers) (on|at|for)",
        "(followers|viewers|views|primes?) (for|on)? (sale|cheap)",
        r"=(?i)\b(?:want|wanna) (?:to |2 )?(?:become|be|get|go) (?:famous|viral) ?\?",
        "(boost|grow|promote) (your|ur) (channel|stream) (today|now|fast|instantly|cheap)",
        "fr~ee (followers|viewers|views|primes)",
        (
            r"=(?i)\b(?:big|stream|view|dog)[ ._-]?(?:follows?|boo|viewers?|hype|rise)[ ._-]*"
            r"(?:\.|dot)[ ._-]*(?:com|ru|net|store|live|shop|pro)"
        ),
        (
            "=(?:купить|купи|продам|дешевые|накрутка|накрутить) (?:живых |дешевых )?"
            "(?:подписчик|зрител|фолловер|просмотр)|накрутка (?:twitch|твич|стрим)"
        ),
        (
            "=(?:شراء|اشتر|زيادة) (?:متابعين|مشاهدين)|متابعين رخيص|फॉलोअर्स (?:खरीद|सस्त)|"
            "सस्ते (?:फॉलोअर्स|व्यूज)|αγορ[αά] (?:ακολούθων|ακολουθων|followers)"
        ),
        "=(?:买|買|刷) ?(?:粉|观众|人气)|팔로워 ?(?:구매|판매)|フォロワー購入",
    ),
)
_INVITES = Preset(
    name="invites",
    summary="invitations to other servers and groups",
    phrases=(
        (
            r"=(?i)d[i1!l][s5$]c[o0]rd(?:app)?[ ./]*(?:\.|\(?dot\)?|\[dot\]|,)[ ./]*"
            r"(?:gg|com[ /]*invite|io|me|li)\b[ ]*(?:/|slash)[ ]*[a-z0-9-]{2,}"
        ),
        r"=(?i)\b(?:dsc|invite|discord)[ ]?\.[ ]?gg[ ]?/[ ]?[a-z0-9-]{2,}",
        r"=(?i)\b(?:t|telegram)[ ]?(?:\.|dot)[ ]?(?:me|dog)[ ]?(?:/|slash)[ ]?[+a-z0-9_]{4,}",
        (
            r"=(?i)chat[ ]?(?:\.|dot)[ ]?whatsapp[ ]?(?:\.|dot)[ ]?com|"
            r"\bwa[ ]?\.[ ]?me[ ]?/[ ]?\+?\d{6,}"
        ),
    ),
)
_INSULTS = Preset(
    name="insults",
    summary="slurs, and telling people to die",
    phrases=(
        "kill (your|ur|yo)~self",
        r"=(?i)\bk+[ ._-]?y+[ ._-]?s+\b",
        "(hang|neck|shoot) (your|ur)~self",
        r"=(?i)\bgo (?:and )?die\b[ !.]*$|\bgo (?:and )?jump off a",
        r"=(?i)\bn+[i1!l|]+[ ._-]?[g9]{2,}[e3a4]*[rh]*s*\b",
        r"=(?i)\bf+[a4@]+[ ._-]?[g9]{2,}[o0]+t+s*\b|\bf+[a4@]+[g9]+s?\b",
        r"=(?i)\br+[e3]+t+[a4@]+r+d+(?:e+d+|s)?\b",
        r"=(?i)\bc+[uv]+n+t+s?\b|\bt+r+[a4@]+n+n+[yi1]+(?:e?s)?\b",
        r"=(?i)\b(?:w+h+[o0]+r+[e3]+|s+l+[uv]+t+)s?\b",
        r"=(?i)\b(?:you|u) (?:should|deserve)(?: to)? die\b",
        (
            "=убей себя|сдохни|пидор|пидар|(?:اقتل|أقتل) نفسك|मर जा|मादरचोद|αυτοκτ[οό]να|"
            "去死|傻逼|滚蛋|자살해|死ね"
        ),
    ),
)
_ADULT = Preset(
    name="adult",
    summary="adverts for sex",
    phrases=(
        "(send|trade|selling|buy) (me|your|ur|my)? (nudes|noods)",
        "fr~ee nudes",
        "(hot|horny|single) (girls|singles|milfs|women) (in|near|waiting|want)",
        r"=(?i)\b(?:p[o0]rn(?:[o0]|hub)?|xxx|hentai)[ ._-]?(?:videos?|site|link|free|here|cam)",
        r"=(?i)[o0]nly[ ._-]?f[a4@]ns[ ._]*(?:\.|dot|/)[ ._]*(?:com|[a-z]+)",
        "(sex|adult) (cams?|chat|dating) (free|now|here|link|with)",
        "fr~ee (sex|porn)",
        "(check|see|watch|join) (out)? my (only~fans|porn)",
        (
            "=интим услуги|секс (?:знакомства|видео|чат)|порно (?:видео|бесплатно|тут)|"
            "(?:فيديو|افلام) سكس|सेक्स (?:वीडियो|चैट)|σεξ β[ιί]ντεο|裸 ?聊|黄色视频|성인 ?방송"
        ),
    ),
)
PRESETS = {one.name: one for one in (_SCAMS, _FOLLOWERS, _INVITES, _INSULTS, _ADULT)}
