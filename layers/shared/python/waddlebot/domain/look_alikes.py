# ruff: noqa: RUF001, RUF002 - it is what they look like that matters
"""Letters that look like those of the Latin alphabet, by the letter that they look like.

From Unicode's confusables, as confusable-homoglyphs 3.3.1 holds them, and from the names of
characters (docs/decisions/0024). Left out: what NFKC turns into Latin anyway, and letters of
living Latin alphabets that are read as others (ı, ə, æ).
"""

from __future__ import annotations

IN_MIXED_WORDS = {
    "a": "ΑαλАад𝚨𝛂𝛢𝛼𝜜𝜶𝝖𝝰𝞐𝞪",
    "b": "ΒβВЬвъь𝚩𝛣𝜝𝝗𝞑",
    "c": "ϲϹСс",
    "d": "ԁ",
    "e": "ΕεЕеєҽ𝚬𝛦𝜠𝝚𝞔",
    "f": "Ϝғք𝟊",
    "g": "Ԍԍց",
    "h": "ΗНнһհ𝚮𝛨𝜢𝝜𝞖",
    "i": "ɩͺΙιІіїӀӏιꙇ𝚤𝛊𝜄𝜾𝝸𝞲",
    "j": "ͿϳЈј",
    "k": "ΚκКк𝚱𝛫𝜥𝝟𝞙",
    "l": "۱𝚰𝛪𝜤𝝞𝞘",
    "m": "ΜϺМм𝚳𝛭𝜧𝝡𝞛",
    "n": "ηпոռ𝚴𝛮𝜨𝝢𝞜",
    "o": "ΟοσОоՕօ۵०০੦૦ଠ୦௦౦೦ഠ൦๐໐ဝ၀ჿዐ〇𑓐𝚶𝛐𝛔𝛰𝜊𝜎𝜪𝝄𝝈𝝤𝝾𝞂𝞞𝞸𝞼",
    "p": "ΡρϱРр𝚸𝛒𝛠𝛲𝜌𝜚𝜬𝝆𝝔𝝦𝞀𝞎𝞠𝞺𝟈",
    "q": "ԛգզ",
    "r": "гяᴦ",
    "s": "ЅѕՏ",
    "t": "ΤτТт𝚻𝛵𝜯𝝩𝞣",
    "u": "ΥμυцՍսሀ𝛖𝜐𝝊𝞄𝞾",
    "v": "ΝνѴѵ۷ꛟ𑜆𝛎𝜈𝝂𝝼𝞶",
    "w": "ωшщѡԜԝա𑜊𑜎𑜏",
    "x": "ΧχХх𝚾𝛸𝜲𝝬𝞦",
    "y": "γϒУучҮүყℽ𝚼𝛄𝛶𝛾𝜰𝜸𝝪𝝲𝞤𝞬",
    "z": "ʐΖ𝚭𝛧𝜡𝝛𝞕",
}
"""Of scripts that people write in: only where a word has Latin letters beside them."""

IN_ANY_WORD = {
    "a": "ᗩȺɐɑᎪᗅᴀᶏⱥꓮ𐊠𖽀🅐🅰🇦",
    "b": "ƀƁƂƃɃɓʙᏏᏴᑲᖯᗷᵬᶀꓐ𐊂𐊡𐌁🅑🅱🇧",
    "c": "ᑕƇƈȻȼɕᏟᴄↄⲤⲥꓚꞒꞓꞔꟄꮯ𐊢𐌂𐐕𐐽𐔜𑣩𑣲𝼝🅒🅲🇨",
    "d": "ĐđƊƋƌȡɖɗᎠᏧᑯᗞᗪᴅᵭᶁꓒꓓ🅓🅳🇩",
    "e": "ᗴᘿɆɇɘᎬᴇᶒⱸⴹꓰ𐊆𑢦𑢮🅔🅴🇪",
    "f": "ƑƒᖴᵮᶂꓝꜰꞘꞙ𐊇𐊥𐔥𑢢𑣂🅕🅵🇫",
    "g": "ᘜƓǤǥɠɡɢᏀᏳᵷᶃꓖꞬ🅖🅶🇬",
    "h": "ĦħɥɦʜᎻᏂᕼⱧⱨⲎꓧꞕꞪ𐋏🅗🅷🇭",
    "i": "ᏆᓰƗɨɪᎥᴉᶖꭵ𑢣𑣃🅘🅸🇮",
    "j": "ᒎɈɉʝᎫᒍᴊꓙꞲ🅙🅹🇯",
    "k": "ƘƙʞᏦᛕᴋᶄⱩⱪⲔꓗꝀꝁꝂꝃ𐔘𝼃🅚🅺🇰",
    "l": "ŁłƚȴȽɫɭʟᏞᒪᛁᶅⱠⱡⱢⲒⳐⵏꓡꓲꞁ𐊊𐌉𐌠𐐛𐔦𑢲𖼖𖼨𝼑🅛🅻🇱",
    "m": "ᘻɯɱᎷᗰᛖᴍᵯᶆⱮⲘꓟꬺ𐊰𐌑🅜🅼🇲",
    "n": "ᑎᘉƝȵɲɳɴᵰᶇⲚꓠꞐꞑꬻ𐔓🅝🅽🇳",
    "o": "ᗝØøƟƠơᴏᴑⲞⲟⵔꓳ𐊒𐊫𐐄𐐬𐓂𐓪𐔖𑢵𑣈𑣗𑣠𝼛🅞🅾🇴",
    "p": "ƤƥᏢᑭᴘᵱᵽᶈⱣⲢⲣꓑ𐊕🅟🅿🆊🇵",
    "q": "ᑫʠⵕꝘꝙꞯ🅠🆀🇶",
    "r": "ɌɍɹɼɽɾʀᎡᏒᖇᵲᶉⱤⲅꓣꭉꭋꮁ𐒴𖼵🅡🆁🇷",
    "s": "ᔕȿʂᏕᏚᵴᶊⱾꓢꜱꟅꮪ𐊖𐐠𐑈𑣁𖼺𝼞🅢🆂🇸",
    "t": "ŦŧƫƬƭƮȶȾʇʈᎢᴛᵵⱦⲦꓔ𐊗𐊱𐌕𖼊🅣🆃🇹",
    "u": "ƯưᑌᴜᴝᶙꓴꞸꞹꭒ𐓎𐓶𑢸𑣘𖽂🅤🆄🇺",
    "v": "ᐺƲʋʌᏙᐯᴠᶌⱴⴸꓦꝞꝟꮩ𐔝𑢠𑣀𖼈🅥🆅🇻",
    "w": "ᗯʍᎳᏔᴡⱲⱳꓪꮃ𑣦𑣯🅦🆆🇼",
    "x": "᙭ᕁᕽᚷᶍⲬⵝꓫ𐊐𐊴𐌗𐌢𐔧𑣬🅧🆇🇽",
    "y": "ᖻƳƴɎɏʎʏᎩᎽⲨꓬ𐊲𑢼𑣜𖽃🅨🆈🇾",
    "z": "ᘔƵƶȤȥɀʐʑᏃᴢᵶᶎⱫⱬⱿꓜꟆꮓ𐋵𑢤𑢩𑣄𑣥🅩🆉🇿",
}
"""Of scripts that nobody chats in, and Latin letters in another dress."""

BOLDLY = {
    "c": "¢",
    "d": "∂",
    "e": "€",
    "n": "иИΝ",
    "r": "ρΡ",
}
"""Beside those of mixed words, where all of a word is folded: signs, and letters by sound."""

LATIN_IN_CYRILLIC = {
    "а": "a",
    "в": "b",
    "е": "eё",
    "к": "k",
    "м": "m",
    "н": "h",
    "о": "o0",
    "р": "p",
    "с": "c",
    "т": "t",
    "у": "y",
    "х": "x",
    "и": "u",
}
"""The other way round, in words that are Cyrillic for the most part."""


def table(alike: dict[str, str]) -> dict[int, str]:
    """For `str.translate`; upper case stays upper case."""
    return {
        ord(shown): letter.upper() if shown.isupper() else letter
        for letter, those in alike.items()
        for each in those
        for shown in {each, each.upper() if letter > "z" and len(each.upper()) == 1 else each}
    }
