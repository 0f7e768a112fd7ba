# ruff: noqa: RUF001 - words of other scripts
"""Rules that communities ask for again and again, by name: what they hit, in patterns.

A phrase is written in plain letters here. Each may be repeated and have a digit or sign in its
place (`n1tr00`); `~` is where a blank or a dot may stand. What else hides a text is undone before
a rule sees it (`normal_form.py`), and words of scripts without Latin letters are written out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import filterfalse

from waddlebot.domain.rule_patterns import MOST_PATTERN_CHARACTERS, needles_of
from waddlebot.domain.string_rules import MatchType, StringRule

_MOST_PACKED = MOST_PATTERN_CHARACTERS - 1

_IN_PLACE_OF = {
    "a": "[a4@]",
    "e": "[e3]",
    "i": "[i1!l|]",
    "o": "[o0]",
    "s": "[s5$]",
    "l": "[l1|]",
    "g": "[g9]",
    "а": "[аa4@]",
    "б": "[б6]",
    "е": "[еe3]",
    "и": "[и1й]",
    "о": "[оo0]",
    "с": "[сc]",
}
# Where a dot or a slash stands between the parts of an address, as people write round filters.
_DOT = r"[ (\[{]*(?:[.,。․]|d[o0]t|точка)[ )\]}]*"
_SLASH = r"[ (\[{]*(?:[/\\∕⁄]|slash)[ )\]}]*"
_BETWEEN_WORDS = r"[ ,.:_*/\\+-]*"
_WITHIN = "[ ._*-]?"
_PIECE = re.compile(r"\([^()]*\)\??|\[[^\]]*\][*+?]?|~|\\.|\w\?|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Preset:
    """`patterns` are regular expressions as a moderator could write them."""

    name: str
    summary: str
    phrases: tuple[str, ...]

    @property
    def patterns(self) -> tuple[str, ...]:
        return _packed(tuple(map(_pattern, self.phrases)))


@cache
def _packed(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are tried on each line, as few as they can be."""
    packs: list[str] = []
    for pattern in sorted(filterfalse(needles_of, patterns), key=len):
        roomy = (n for n, pack in enumerate(packs) if len(pack) + len(pattern) < _MOST_PACKED)
        into = next(roomy, None)
        if into is None:
            packs.append(pattern)
        else:
            packs[into] += f"|{pattern}"
    return (*filter(needles_of, patterns), *packs)


@cache
def _pattern(phrase: str) -> str:
    """`fr~ee ni~tro` as `\\bf+r+[ ._*-]?[e3]+…`; `=` before a phrase leaves it as it is."""
    if phrase.startswith("="):
        return phrase[1:]
    words = [_word(word) for word in phrase.split(" ")]
    start = r"\b" if phrase.lstrip("(")[0].isascii() else ""  # RE2 knows edges of Latin words only
    return start + _BETWEEN_WORDS.join(words)


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
    for letter, may_lack in re.findall(r"(.)(\??)", re.sub(r"([a-z])\1+", r"\1", text)):
        if letter == "~":
            written += _WITHIN
        elif letter in _IN_PLACE_OF or (letter.isalpha() and letter.isascii()):
            written += f"{_IN_PLACE_OF.get(letter, letter)}{'*' if may_lack else '+'}"
        else:
            written += letter + may_lack
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
        "(robux|ni~tro|skins|v-?bucks) (is|are|for|4) fr~ee",
        r"=(?i)\br[o0]bux\b.* fr[e3][e3]|\bfr[e3][e3]\b.* r[o0]bux\b",
        r"=(?i)\bs[e3]nd .*(?:btc|eth|bitcoin|crypto|usdt).* (?:back|double|return)",
        "gift~cards? (for|are|4) fr~ee",
        "(robux|ni~tro|v-?bucks|gift~card) (generator|hack|giveaway|drop)",
        "(gratis|bedava|ucretsiz|kostenl~oses?|gratuit) (discord)? (ni~tro|robux|steam|skins)",
        "(ni~tro|robux|skins) (gratis|bedava|ucretsiz|kostenl~os|gratuite?|mien)",
        "fr~ee skins (here|at|on|giveaway|link|http)",
        "(double|multiply|triple) (your|ur) (bitcoin|btc|eth|crypto|money|coins)",
        "(bitcoin|btc|eth|crypto|elon) (giveaway|airdrop|doubler)",
        "send (me|us)? [0-9.]* (bitcoin|btc|eth|crypto|usdt|sol) (and|to|i)? (get|receive|send)",
        (
            r"=(?i)\be[a4]rn(?:ed|ing)?[ :]*(?:up to |over )?[$€£]? ?\d[\d.,k]*[$€£]? ?"
            r"(?:dollars |usd )?(?:a|per|every|each|/)? ?(?:day|daily|week|weekly|hour)"
        ),
        "(guaranteed|daily) (profits?|returns)",
        "(dm|text|whatsapp|message|contact) (me|us) (to|and)? (earn|invest|profit)",
        (
            "=раздач(?:а|и|у|ем) (?:нитро|скинов)|"
            "(?:удвоим|удвой|удвоить) (?:ваши |свои )?(?:биткоин|биткоины|деньги|крипту)"
        ),
        (
            r"=заработок от \d+|нитро бесплатно|δωρεαν nitro|nitro δωρεαν|nitro δωρεάν|"
            "δωρεάν nitro|nitro gratis|gratis nitro|free нитро"
        ),
        (
            r"=(?:نيترو|ستيم|روبوكس) مجان|"
            r"(?:ضاعف|مضاعفة) (?:أموالك|بيتكوين|البيتكوين)|اربح \d+|"
            "मुफ्त (?:नाइट्रो|निट्रो|गिफ्ट|nitro)|फ्री (?:डिस्कॉर्ड |रोबक्स|नाइट्रो|nitro)|"
            "(?:पैसे|पैसा) (?:दोगुना|डबल)|"
            "(?:btc|बिटकॉइन|क्रिप्टो) (?:भेजो|गिव ?अवे|गिवअवे|डबल)"
        ),
        (
            r"=免费 ?(?:的 ?)?(?:nitro|discord|礼品卡|皮肤|领取)|加微信|添加微信|日赚 ?\d+|"
            "[無无]料(?:の)? ?(?:nitro|ニトロ|ナイトロ|ギフト)|(?:ナイトロ|ニトロ)[無无]料|"
            "무료 ?(?:니트로|nitro|로벅스)|ビットコイン(?:が|を)?2倍|比特币(?:翻倍|赠送)"
        ),
        "бесплатн(ыи|ые|ая|о) (дискорд)? (нитро|скины|робуксы|стим)",
        "(нитро|скины|робуксы) (бесплатно|даром|раздача)",
        (
            "=раздача (?:крипт|битко|стим)|отправь [0-9.]* ?(?:btc|eth)|"
            "(?i)(?:tarjetas?|karte) (?:de )?(?:steam|regalo) "
            "(?:gratis|bedava)"
        ),
    ),
)
_FOLLOWERS = Preset(
    name="followers",
    summary="bought followers, viewers and primes",
    phrases=(
        "(buy|cheap|cheapest|sell|selling) (real|twitch|cheap)? (followers|viewers|primes?|views)",
        (
            r"=(?i)\b(?:buy|cheap|sell|selling) (?:\w+ )?(?:\w+ )?"
            r"(?:f[o0]ll[o0]w[e3]rs|v[i1][e3]w[e3]rs)\b"
        ),
        "(comprar?|acheter|kaufen?) (seguidores|abonnes|viewer|follower)",
        "(seguidores|viewer|follower|zuschauer) (baratos|kaufen|billig|gunstig)",
        "=(?i)\\btakip[cç]i ?sat[ıi]n ?al",
        "ucuz (takip~ci|izl~eyici)",
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
        (
            "=(?:买粉|買粉|刷粉|卖粉|涨粉|刷人气|买观众|刷观众|买粉丝)|팔로워 ?(?:구매|판매|늘리)|"
            "시청자 ?(?:구매|판매)|フォロワー(?:を|が)?(?:購入|買|販売)|格安でフォロワー"
        ),
    ),
)
_INVITES = Preset(
    name="invites",
    summary="invitations to other servers and groups",
    phrases=(
        (
            rf"=(?i)d[i1!l][s5$]c[o0]rd(?:app)?[ /]?{_DOT}[ ]?"
            rf"(?:g[ ]?g|com[ /]*invite|io|me|li)\b{_SLASH}[a-z0-9-]{{2,}}"
        ),
        rf"=(?i)\b(?:dsc|invite){_DOT}gg{_SLASH}[a-z0-9-]{{2,}}",
        rf"=(?i)\b(?:t|telegram|te[l1]egram){_DOT}(?:m[e3]|dog){_SLASH}[+a-z0-9_]{{4,}}",
        (
            rf"=(?i)ch[a4]t{_DOT}wh[a4]ts[a4]pp{_DOT}c[o0]m|"
            rf"\bwa{_DOT}me{_SLASH}\+?\d{{6,}}"
        ),
        r"=(?i)\bt[e3]l[e3]gr[a4]m ?[:=-]? ?@[a-z]",
        "(join|enter) (my|our|the|us|a|this)? (on|free|vip|private)? (telegram|whatsapp)",
        "(telegram|whatsapp) (group|channel|chat) (for|link|join|is|with|signals)",
        "(add|text|dm|msg|message|write|contact) (me|us) (on|at|via)? (telegram|whatsapp)",
        "=(?:вступай|заходи) (?:в|на) (?:группу|канал|мой|наш|телегр|дискорд)",
        "=(?:мой|наш) (?:тг|телеграм|дискорд)",
        "=انضم (?:الى|إلى) (?:قنا|مجموعة|سيرفر)|(?:चैनल|ग्रुप) जॉइन",
        ("=(?:加入|进)(?:我的|我们的)?(?:电报|飞机|微信)群|텔레그램 ?(?:방|채널) ?(?:들어|입장)"),
        (
            r"=(?i)\b(?:telegram|whatsapp) (?:kanal|grub)[ıi]?m[ıiau]+z?[a]? (?:kat[ıi]l|gel)|"
            r"(?:[uú]nete|entra) (?:a|en) (?:mi|nuestro) (?:grupo|canal|servidor)|"
            r"(?:rejoins|rejoignez|komm in) (?:mon|notre|mein|meine|unsere)n? "
            "(?:serveur|groupe|gruppe|server)"
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
        "(fr~ee|my|hot|cheap|leaked) (nudes|noods)",
        r"=(?i)\bn+u+d+[e3]+[s5$]+\b.*(?:b[i1][o0]|pr[o0]f|page|fr[e3][e3]|ch[e3]ap|link|dm|vid)",
        (
            "(hot|sexy|horny|single) (cam)? (girls|singles|milfs|women) "
            "(on|i~n|near|waiting|want|live|here)"
        ),
        "(hot|sexy|private|nude|live|fr~ee) cams? (girls?|show|now|live|here)",
        r"=(?i)\bc[a4]m[ ._-]?(?:girl|gir[l1][s5]|sh[o0]w)",
        r"=(?i)\b(?:p[o0]rn(?:[o0]|hub)?|xxx|hentai)[ ._-]?(?:videos?|site|link|free|here|cam)",
        r"=(?i)[o0]n[l1]y[ ._-]?f[a4@]ns[ ._]*(?:\.|d[o0]t|/)[ ._]*(?:com|[a-z]+)",
        (
            rf"=(?i)\b[o0]n[l1]y[ ._|*-]?f[a4@]ns(?:{_DOT}c[o0]m|c[o0]m)|"
            r"\b[o0]n[l1]y[._|*-]?f[a4@]ns\b.*(?:fr\.?[e3]+|tr[i1][a4][l1]|b[i1][o0]|[l1]ink|leak|"
            r"subscri|pr[o0]f|join|%|<<|➡)|"
            r"\b(?:my|our) [o0]n[l1]y[._|*-]?f[a4@]ns"
        ),
        "(sex|adult) (cams?|chat|dating) (free|now|here|link|with)",
        "fr~ee (sex|porn)",
        "(check|see|watch|join) (out)? my (only~fans|porn)",
        "=интим (?:услуги|видео)|секс (?:знакомства|видео|чат)|порно (?:видео|бесплатно|тут)",
        (
            "=فيديو سكس|افلام سكس|सेक्स (?:वीडियो|चैट)|σεξ βίντεο|σεξ βιντεο|裸聊|裸写真|裸の写真|"
            "黄色视频|성인 ?방송"
        ),
    ),
)
PRESETS = {one.name: one for one in (_SCAMS, _FOLLOWERS, _INVITES, _INSULTS, _ADULT)}


def preset_of(rule: StringRule) -> str:
    """The name of the preset that made this rule; nothing where somebody wrote it."""
    return _names().get(rule.pattern, "") if rule.match_type is MatchType.REGEX else ""


@cache
def _names() -> Mapping[str, str]:
    """By pattern."""
    return {pattern: one.name for one in PRESETS.values() for pattern in one.patterns}
