"""The variables that Nightbot and StreamElements document: each works, differs, or is refused.

docs/custom-commands.md says which; the share of those that say something is counted from there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.custom_calling import MOST, said
from waddlebot.domain.custom_texts import Variable, read_text, variables_of
from waddlebot.domain.custom_variables import check_text
from waddlebot.domain.errors import Refusal
from waddlebot_sdk.own_words import in_usual_words

DOCUMENT = Path(__file__).parents[3] / "docs" / "custom-commands.md"
LEAST_SHARE = 0.9
VERDICTS = frozenset({"works", "differs", "refused"})
BOTS = ("nightbot", "streamelements")
DOCUMENTED = {
    "nightbot": (
        "1 channel channelid chatid command count countdown countup djkhaled eval lastfm "
        "leagueoflegends provider query querystring rainwave steam teamfighttactics time "
        "touser tweet twitch urlfetch user userid userlevel weather"
    ),
    "streamelements": (
        "1 7tvemotes ai bttvemotes channel channel.alias channel.chatters "
        "channel.display_name channel.followers channel.game channel.id channel.provider "
        "channel.provider_id channel.subpoints channel.subs channel.title channel.uptime "
        "channel.viewers count customapi ffzemotes game getcount leagueoflegends math "
        "msgid pathescape pointsname queryescape quote random random.chatter random.emote "
        "random.pick repeat sender sender.lastactive sender.lastmessage sender.lastseen "
        "sender.level sender.name sender.points sender.points_alltime_rank "
        "sender.points_rank sender.time_offline_rank sender.time_online "
        "sender.time_online_rank setgame settitle stockprice teamfighttactics "
        "time.timezone time.until title touser twitchemotes uptime user user.lastactive "
        "user.lastmessage user.lastseen user.level user.name user.points "
        "user.points_alltime_rank user.points_rank user.time_offline_rank "
        "user.time_online user.time_online_rank weather"
    ),
}
"""By the headings of both documents, in January and March 2026; `1` is an argument."""

WORKS = (
    # Nightbot: docs.nightbot.tv, "Variables"; its texts have `$(…)`.
    ("nightbot", "Hi $(user)", "", "Hi Ana"),
    ("nightbot", "$(touser)", "@Pip", "Pip"),
    ("nightbot", "$(touser)", "", "Ana"),
    ("nightbot", "$(userid)", "", "42"),
    ("nightbot", "$(userlevel)", "", "user"),
    ("nightbot", "$(1) and $(2)", "one two", "one and two"),
    ("nightbot", "<$(3)>", "one two", "<>"),
    ("nightbot", "$(query)", "a  b", "a  b"),
    ("nightbot", "$(querystring)", "a b&c", "a+b%26c"),
    ("nightbot", "$(channel)", "", "The Pond"),
    ("nightbot", "$(provider)", "", "twitch"),
    ("nightbot", "$(count)", "", "1"),
    ("nightbot", "$(time Europe/Berlin)", "", "20:05"),
    ("nightbot", '$(time America/New_York "h:mm A")', "", "2:05 PM"),
    ("nightbot", '$(time US/Arizona "LTS")', "", "11:05:09 AM"),
    ("nightbot", '$(time UTC "dddd D MMMM YYYY [at] HH:mm")', "", "Wednesday 1 July 2026 at 18:05"),
    ("nightbot", "$(countdown Dec 24 2026 06:00:00 PM UTC)", "", "175 days 23 hours 54 minutes"),
    ("nightbot", "$(countdown 2026-07-01 20:06)", "", "51 seconds"),
    ("nightbot", "$(countdown Jul 1 2026)", "", "0 seconds"),
    ("nightbot", "$(countup Jul 1 2026 12:00:00 AM EST)", "", "13 hours 5 minutes 9 seconds"),
    ("nightbot", "$(countup 1 July 2026 16:00 +02:00)", "", "4 hours 5 minutes 9 seconds"),
    ("nightbot", "$(channelid) $(chatid)", "", "1001 1001"),
    ("nightbot", '$(twitch $(channel) "{{game}}, {{viewers}} {{x}}")', "", "Chess, 12 "),
    (
        "nightbot",
        '$(twitch $(channel) "{{title}} {{uptimeLength}}")',
        "",
        "Waddling 2 hours 5 minutes",
    ),
    ("nightbot", '$(twitch $(touser) "{{game}}")', "Pip", '<twitch: Pip "{{game}}">'),
    ("nightbot", '$(twitch $(channel) "{{displayName}} {{name}}")', "", "The_Pond the_pond"),
    ("nightbot", '$(twitch $(channel) "{{uptimeAt}}")', "", "2026-07-01 16:00 UTC"),
    (
        "nightbot",
        '$(twitch $(channel) "{{url}} {{followers}}")',
        "",
        "https://twitch.tv/the_pond 1200",
    ),
    ("nightbot", "$(command)", "", "!hello"),
    ("nightbot", "$(countdown 8:06:09 PM CEST)", "", "1 minute"),
    ("nightbot", "$(countup 5:00 PM UTC)", "", "1 hour 5 minutes 9 seconds"),
    (
        "nightbot",
        "$(twitch $(channel))",
        "",
        "The_Pond is live with Chess: Waddling - https://twitch.tv/the_pond",
    ),
    ("nightbot", "$(tweet Come & see)", "", "https://x.com/intent/tweet?text=Come%20%26%20see"),
    (
        "nightbot",
        "$(urlfetch https://x.y/?q=$(querystring))",
        "a b",
        "<urlfetch: https://x.y/?q=a+b>",
    ),
    ("nightbot", "$(urlfetch json https://x.y/)", "", "<urlfetch: json https://x.y/>"),
    ("nightbot", "$(weather 85001)", "", "<weather: 85001>"),
    ("nightbot", "$(djkhaled)", "", "<djkhaled: >"),
    ("nightbot", "$(lastfm ana)", "", "<lastfm: ana>"),
    ("nightbot", "$(leagueoflegends Ana na1)", "", "<leagueoflegends: Ana na1>"),
    ("nightbot", "$(rainwave game)", "", "<rainwave: game>"),
    ("nightbot", "$(steam ana)", "", "<steam: ana>"),
    ("nightbot", "$(teamfighttactics Ana na1)", "", "<teamfighttactics: Ana na1>"),
    # StreamElements: docs.streamelements.com, "Variables"; `${…}` and `$(…)`.
    ("streamelements", "${user}", "", "Ana"),
    ("streamelements", "$(sender) ${source}", "", "Ana Ana"),
    ("streamelements", "$(user.name)", "", "ana"),
    ("streamelements", "$(user adeithe)", "", "adeithe"),
    ("streamelements", "${touser}", "Pip", "Pip"),
    ("streamelements", "${user.level}", "", "user"),
    ("streamelements", "${1} ${2:}", "a b c", "a b c"),
    ("streamelements", "${1:2}", "a b c", "a b"),
    ("streamelements", "${1|'a friend'}", "", "a friend"),
    ("streamelements", "${1|$(user)}", "", "Ana"),
    ("streamelements", "${count}", "", "1"),
    ("streamelements", "${count deaths} ${getcount deaths}", "", "1 1"),
    ("streamelements", "${count deaths +5}", "", "5"),
    ("streamelements", "${getcount}", "", "0"),
    ("streamelements", "${random.pick a}", "", "a"),
    ("streamelements", "${random.pick 'two words' \"two words\"}", "", "two words"),
    ("streamelements", "${random.5-5}", "", "5"),
    ("streamelements", "${random 5 5}", "", "5"),
    ("streamelements", "${repeat 3 Waddle}", "", "Waddle Waddle Waddle"),
    ("streamelements", "${queryescape a b}", "", "a+b"),
    ("streamelements", "${pathescape a b/c}", "", "a%20b%2Fc"),
    ("streamelements", "${channel.display_name}", "", "The Pond"),
    ("streamelements", "${time}", "", "20:05"),
    ("streamelements", "${queryescape ${1}}", "a&b c", "a%26b"),
    ("streamelements", "${uptime}", "", "2 hours 5 minutes"),
    ("streamelements", "${game} ${title} ${status}", "", "Chess Waddling Waddling"),
    ("streamelements", "${channel.viewers} ${channel.followers}", "", "12 1200"),
    ("streamelements", "${channel.alias}", "", "the pond"),
    ("streamelements", "${user.points} ${pointsname}", "", "120 points"),
    ("streamelements", "${points} ${user.points_alltime}", "", "120 120"),
    ("streamelements", "${user.points_rank} ${rank}", "", "5/283 5/283"),
    ("streamelements", "${user.points_alltime_rank}", "", "5/283"),
    ("streamelements", "${random.emote}", "", "SeemsGood"),
    ("streamelements", "${math 1+1}", "", "2"),
    ("streamelements", "${customapi https://x.y/A}", "", "<customapi: https://x.y/A>"),
    ("streamelements", "${customapi.https://x.y/A?b=${1}}", "c", "<customapi: https://x.y/A?b=c>"),
    ("streamelements", "${weather Oslo}", "", "<weather: Oslo>"),
    ("streamelements", "${ai Say hi to ${user}}", "", "<ai: Say hi to Ana>"),
    ("streamelements", "${leagueoflegends Ana na1}", "", "<leagueoflegends: Ana na1>"),
    ("streamelements", "${teamfighttactics Ana na1}", "", "<teamfighttactics: Ana na1>"),
    ("streamelements", "${stockprice AAPL}", "", "<stockprice: AAPL>"),
    ("streamelements", "${7tvemotes}", "", "<7tvemotes: >"),
    ("streamelements", "${bttvemotes}", "", "<bttvemotes: >"),
    ("streamelements", "${ffzemotes}", "", "<ffzemotes: >"),
    ("streamelements", "${quote} ${quote 3}", "", "<quote: > <quote: 3>"),
    ("streamelements", "${twitchemotes}", "", "pondWave pondHug"),
    ("streamelements", "${channel} ${channel.id}", "", "The Pond 1001"),
    ("streamelements", "${channel.provider} ${channel.provider_id}", "", "twitch 1001"),
    ("streamelements", "${channel.game} ${channel.title}", "", "Chess Waddling"),
    ("streamelements", "${channel.uptime}", "", "2 hours 5 minutes"),
    ("streamelements", "${channel.subs} ${channel.subpoints}", "", "50 60"),
    ("streamelements", "${channel.chatters} ${random.chatter}", "", "1 Pip"),
    ("streamelements", "${followage}", "", "2 days"),
    ("streamelements", "${msgid}", "", "line-1"),
    ("streamelements", "${random} ${random.number 5-5}", "", "42 5"),
    ("streamelements", "${user.lastmessage}", "", "Hello!"),
    (
        "streamelements",
        "${user.lastseen} ${user.lastactive}",
        "",
        "13 minutes 9 seconds 13 minutes 9 seconds",
    ),
    ("streamelements", "${sender.lastmessage}", "", "Hello!"),
    (
        "streamelements",
        "${sender.lastseen} ${sender.lastactive}",
        "",
        "13 minutes 9 seconds 13 minutes 9 seconds",
    ),
    ("streamelements", "${sender.name} ${sender.level}", "", "ana user"),
    ("streamelements", "${sender.points} ${sender.points_rank}", "", "120 5/283"),
    ("streamelements", "${sender.points_alltime_rank}", "", "5/283"),
    ("streamelements", "${time.timezone America/New_York}", "", "14:05"),
    ("streamelements", "${time.timezone} ${time.Europe/London}", "", "18:05 19:05"),
    ("streamelements", "${time.until 19:00}", "", "54 minutes 51 seconds"),
    (
        "streamelements",
        "${time.until 2026-07-01T19:00:00-03:00}",
        "",
        "3 hours 54 minutes 51 seconds",
    ),
)
"""(bot, text, what is typed behind it, what is said): what works."""

_WATCHED = "nobody counts here yet"
REFUSED = (
    *(("nightbot", f"$({one})", "Write $(math 1 + 2") for one in ("eval 1+1", "eval $(1)")),
    ("nightbot", "$(countdown tomorrow or so)", "is no time. Say it like"),
    ("nightbot", '$(twitch "{{game}}")', "Name a channel: "),
    ("streamelements", "${uptime pip}", "this community's own channel"),
    ("streamelements", "${setgame Chess}", "a text changes nothing. Change it on Twitch"),
    ("streamelements", "${settitle Hi}", "a text changes nothing. Change it on Twitch"),
    ("streamelements", "${user.points pip}", "the points of who types the command"),
    ("streamelements", "${user.lastseen pip}", "this of who types the command"),
    *(
        ("streamelements", f"${{{who}.{one}}}", _WATCHED)
        for who in ("user", "sender")
        for one in ("time_online", "time_online_rank", "time_offline_rank")
    ),
)
"""(bot, text, what is said instead)."""

_ROW = re.compile(r"\| `\$\((?P<name>[^)]+)\)` \| (?P<nightbot>\S+) \| (?P<streamelements>\S+) \|")


@pytest.mark.parametrize(("bot", "text", "typed", "what"), WORKS)
def test_what_works_of_other_bots(bot: str, text: str, typed: str, what: str) -> None:
    assert said(text, typed) == what, bot


@pytest.mark.parametrize(("bot", "text", "why"), REFUSED)
def test_what_is_refused_says_why(bot: str, text: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_text(text)
    assert why in in_usual_words(refused.value.say), bot
    assert len(in_usual_words(refused.value.say)) < MOST


def test_each_documented_variable_has_a_row_and_each_row_a_test() -> None:
    verdicts = dict(_verdicts())
    assert verdicts.keys() == {(bot, name) for bot in BOTS for name in DOCUMENTED[bot].split()}
    shown = {(bot, name) for bot, text, *_ in WORKS for name in _names(text)}
    refused = {(bot, name) for bot, text, _ in REFUSED for name in _names(text)}
    for one, verdict in verdicts.items():
        assert one in (refused if verdict == "refused" else shown), (one, verdict)
        assert verdict != "refused" or one not in shown, one


def test_nine_of_ten_say_something() -> None:
    counted = Counter(verdict for _, verdict in _verdicts())
    assert counted.keys() == VERDICTS
    share = (counted["works"] + counted["differs"]) / counted.total()
    assert share >= LEAST_SHARE, f"{share:.1%}: {dict(counted)}"
    told = "of {}, {} work as there, {} differ, {} are refused".format(
        counted.total(), counted["works"], counted["differs"], counted["refused"]
    )
    assert told in DOCUMENT.read_text()


def _verdicts() -> Iterator[tuple[tuple[str, str], str]]:
    """`(bot, name), verdict` of the table of other bots."""
    _, _, table = DOCUMENT.read_text().partition("## Variables of other bots")
    for found in _ROW.finditer(table):
        yield from (((bot, found["name"]), found[bot]) for bot in BOTS if found[bot] in VERDICTS)


def _names(text: str) -> Iterator[str]:
    for one in variables_of(read_text(text)):
        yield "1" if one.position else _with_number(one)


def _with_number(variable: Variable) -> str:
    """`random.5-5` is documented as `random`."""
    return re.sub(r"^random\.\d.*", "random", variable.name)
