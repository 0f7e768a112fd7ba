"""Moderators make string rules in chat, try them and take them back; people read why."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from tests.helpers import signed
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House
from tests.helpers.patience import BUSY_SECONDS, eventually

POND = {"twitch": "1001", "discord": "202000000000000001", "slack": "C0GENERAL"}
MODERATORS = "202000000000000002"


def a_phrase() -> str:
    return f"free nitro {uuid.uuid4().hex[:8]}"


@pytest.fixture
def pond(house: House) -> dict[str, Chat]:
    return {on: house.chat(on=on, channel=channel) for on, channel in POND.items()}


@pytest.fixture
def moderators(house: House) -> Chat:
    return house.chat(on="discord", channel=MODERATORS)


@pytest.mark.xdist_group("the pond's rules")
def test_a_blocked_line_is_deleted_where_it_can_be_and_everyone_is_told(
    pond: dict[str, Chat], moderators: Chat
) -> None:
    phrase = a_phrase()
    moderators.from_now_on()
    assert pond["twitch"].asks("max", f'!rules add contains "{phrase}" block', "rule", within=10)

    for on, chat in pond.items():
        chat.from_now_on()
        told = chat.asks("ana", f"click here: {phrase}", "rule", within=10, to="ana")
        assert told, on
        if on != "slack":
            assert chat.was_deleted(phrase), on
        notice = moderators.hears(phrase, within=10)
        assert notice, on
        if on == "slack":
            assert not chat.was_deleted(phrase, within=1.0)
        # Slack's messages carry an id: its name was asked for.
        assert "Ana" in notice["text"]

    pond["twitch"].from_now_on()
    assert pond["twitch"].asks("max", f"!help {phrase}", "I do not say that here", within=10)
    assert not pond["twitch"].was_deleted(phrase, within=1.0)

    assert pond["twitch"].asks("max", "!rules undo", "gone again", within=10)
    for chat in pond.values():
        chat.from_now_on()
        chat.says("ana", f"again: {phrase}")
    for number, chat in enumerate(pond.values()):  # it is as long ago in the others
        assert not chat.hears(phrase, within=0.5 if number else 1.5)


@pytest.fixture
def chat(house: House) -> Chat:
    """A Twitch channel of its own, which is a community of its own, after the greeting."""
    talk = house.chat(on="twitch", **own_place("twitch"))
    talk.says("olga", "hello everybody")
    assert "!help" in talk.heard()[0]
    return talk


def test_where_a_rule_holds_is_told_by_its_name(chat: Chat) -> None:
    phrase = a_phrase()
    for line in (
        f'!rules add here contains "{phrase}" block',
        "!rules list",
        f"!rules test {phrase}",
    ):
        told = chat.asks("olga", line, phrase, within=10)
        assert told, line
        assert re.search(r", in \S+ on Twitch", told["text"]), told["text"]
        assert "twitch:channel:" not in told["text"]
        chat.from_now_on()


@pytest.mark.parametrize(
    ("priority", "said"),
    [
        ("10000000000", "10000000000 is too large: 0 to 10,000."),
        ("10001", "10001 is too large: 0 to 10,000."),
        ("-3", "-3 is too small: 0 to 10,000."),
        ("soon", "'soon' is none."),
    ],
)
def test_a_priority_that_does_not_go_is_told_as_what_it_is(
    chat: Chat, priority: str, said: str
) -> None:
    assert chat.asks(
        "olga", f'!rules add priority {priority} contains "{a_phrase()}" block', said, within=10
    )


def test_all_of_a_long_line_is_looked_at(house: House) -> None:
    """Slack takes 40,000 characters; once only the first 4,000 were looked at."""
    place = own_place("slack")
    chat = house.chat(on="slack", **place)
    phrase = a_phrase()
    assert chat.asks(
        "max", f'!rules add contains "{phrase}" warn Not here, please.', "Added rule", within=15
    )
    line = signed.slack_line(
        house,
        "word " * 7_000 + phrase,
        team="T0WADDLEBOT",
        channel=place["channel"],
        user="U0ANA",
    )
    assert line.send(house)[0] == 200
    assert chat.hears("Not here, please", within=15)


def test_what_hides_is_read_and_what_nobody_sees_hides_no_command(house: House) -> None:
    place = own_place("twitch")
    chat = house.chat(on="twitch", **place)
    chat.says("olga", "hello everybody")
    assert chat.heard()
    assert chat.asks("max", "!rules preset scams", "preset scams is on", within=15)
    hidden = "get \uff46\u0433\u0435e **ni**\u200btr\u043e here"
    line = signed.twitch_line(house, hidden, channel=place["channel"], user="88001", name="Mallory")
    assert line.send(house)[0] in {200, 204}
    assert chat.was_deleted(hidden, within=15)
    asks = signed.twitch_line(
        house, "!quote \U000e0000", channel=place["channel"], user="88002", name="Ben"
    )
    assert asks.send(house)[0] in {200, 204}
    assert chat.hears("quote", within=15)


def test_the_phrase_of_the_readme(chat: Chat) -> None:
    chat.says("max", '!rules add contains "free nitro" block')
    (made,) = chat.heard()
    assert "free nitro" in made
    chat.says("ana", "FREE NITRO for everybody")
    seen = {item["kind"] for item in chat.seen(2)}
    assert "deleted" in seen
    assert chat.asks("max", "!quote free nitro", "I do not say that here", within=10)


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_what_looks_blank_is_blank_and_words_may_be_spelt_out(chat: Chat) -> None:
    assert chat.asks("max", '!rules add contains "free nitro" block', "Added rule", within=15)
    lines = [
        *("free\u3164nitro", "free\u115fnitro", "free\uffa0nitro", "free\u2800nitro"),
        *("fr\u3164ee nitro", "fr\u200bee nitro", "fr\u180bee nitro", "fr\x07ee nitro"),
        *("f r e e n i t r o", "f.r.e.e.n.i.t.r.o", "f r e e  n i t r o"),
    ]
    for line in lines:
        user = str(uuid.uuid4().int % 10**9)
        told = signed.twitch_line(chat.house, line, channel=chat.channel, user=user, name="Mallory")
        assert told.send(chat.house)[0] == 204
        assert chat.was_deleted(line, within=15), ascii(line)
    chat.says("ana", "f r e e and some nitro is in the air")
    assert not chat.was_deleted("in the air", within=2)


@pytest.mark.parametrize("on", ["twitch", "discord"])
def test_who_says_what_is_blocked_may_not_write_for_a_while(house: House, on: str) -> None:
    chat = house.chat(on=on, **own_place(on))
    assert chat.asks(
        "max", '!rules add contains "buy followers" block 10m', "block for 10 min", within=10
    )
    chat.says("ana", "Buy followers here")
    assert chat.was_deleted("Buy followers")
    where = f"/stand-ins/replies?after=0&channel={chat.channel}"

    def is_timed_out() -> bool:
        return "timeout" in {item["kind"] for item in house.get(where)["replies"]}

    assert eventually(is_timed_out, within=10)


def test_a_rule_that_hit_the_wrong_people_is_undone_in_bulk(house: House, chat: Chat) -> None:
    chat.says("max", '!rules add contains "wonderful" block 10m')
    number = int(re.findall(r"[Rr]ule (\d+)", chat.heard()[0])[0])
    chat.says("ana", "a wonderful day")
    assert chat.was_deleted("wonderful")
    where = f"/stand-ins/replies?after=0&channel={chat.channel}"

    def released() -> int:
        return [item["kind"] for item in house.get(where)["replies"]].count("unban")

    def undo(**more: object) -> dict[str, Any]:
        status, told = house.api({"rule": number, **more}, path="/api/operations/rules/undo")
        assert status == 200
        return dict(told)

    assert eventually(lambda: undo(dry_run=True)["hits"] == 1, within=10)
    assert released() == 0
    for was_on in (True, False):
        told = undo()
        assert told["was_on"] is was_on
        assert [one["text"] for one in told["released"]] == ["a wonderful day"]
        # Behind a whisper in this channel, which waits where much is said on the platform at once.
        assert eventually(lambda: released() == 1, within=BUSY_SECONDS)
    chat.from_now_on()
    chat.says("ana", "another wonderful day")
    assert not chat.was_deleted("another", within=1.5)
    assert released() == 1
    assert house.api({"rule": 0}, path="/api/operations/rules/undo")[0] == 400
    assert house.api({"rule": 10**9}, path="/api/operations/rules/undo")[0] == 404


def test_viewers_make_no_rules_and_are_told_whom_to_ask(chat: Chat) -> None:
    chat.says("ana", '!rules add contains "x" block')
    (told,) = chat.heard()
    assert "moderator" in told


def test_rules_are_listed_tried_and_switched_off(chat: Chat) -> None:
    for rule in ('word "duck" warn', 'regex "h[o0]nk+" warn', 'exact "pond?" command "!help"'):
        chat.says("max", f"!rules add {rule}")
        (added,) = chat.heard()
        assert added.startswith("Added rule"), added
    chat.says("max", "!rules list")
    listed = " ".join(chat.heard())
    assert [part for part in ("duck", "h[o0]nk+", "pond?") if part not in listed] == [], listed

    chat.says("max", "!rules test a DUCK says h0nkkk")
    tried = " ".join(chat.heard())
    assert "duck" in tried
    assert "h[o0]nk+" in tried

    chat.says("ana", "duckling")
    chat.says("ana", "pond?")
    (answer,) = chat.heard()  # nothing was said before it
    assert "!quote" in answer

    duck = re.search(r"(\d+)[^;]*duck", listed)
    assert duck, listed
    chat.says("max", f"!rules off {duck[1]}")
    assert "is off" in chat.heard()[0]
    chat.says("ana", "a duck")
    assert chat.silent()


def test_a_pattern_that_cannot_be_is_refused_with_a_sentence(chat: Chat) -> None:
    assert chat.asks("max", '!rules add regex "(?=x)" block', "look", within=10, to="max")


def test_the_next_help_in_a_minute_of_twenty_is_refused_once_and_others_are_not(chat: Chat) -> None:
    for _ in range(23):
        chat.says("ana", "!help")
    heard = chat.seen(21)
    assert len(heard) == 21
    (refusal,) = [item for item in heard if "!quote" not in item["text"]]
    assert re.search(r"in \d+ s", refusal["text"])
    chat.says("max", "!help quote")
    assert "!quote" in chat.heard()[0]
    assert chat.silent(), "one more came before"


def test_a_quiet_bot_listens_to_one_thing_only(chat: Chat) -> None:
    chat.says("max", "!waddlebot off")
    assert len(chat.heard()) == 1
    chat.says("ana", "!help")
    assert chat.silent()
    chat.says("max", "!waddlebot on")
    assert len(chat.heard()) == 1
    chat.says("ana", "!help")
    assert "!quote" in chat.heard()[0]


def test_an_unknown_command_is_another_bots(chat: Chat) -> None:
    chat.says("ana", "!xylophone")
    assert chat.silent()


def test_why_says_why(chat: Chat) -> None:
    chat.says("ana", "!addquote Waddle on")
    (refused,) = chat.heard()
    assert "moderator" in refused
    chat.says("ana", "!why")
    (why,) = chat.heard()
    assert "!addquote" in why
    assert "moderator" in why


def test_a_warning_is_told_to_one_and_the_line_stays(chat: Chat) -> None:
    chat.says("max", '!rules add word "goose" warn Ducks only, please.')
    assert len(chat.heard()) == 1
    chat.says("ana", "What a GOOSE!")
    (told,) = chat.seen()
    assert (told["kind"], told["text"]) == ("private", "Ducks only, please.")
    assert told["to"] == chat.viewer
    assert chat.silent()


def test_an_answer_by_rule_gives_way_to_a_command(chat: Chat) -> None:
    chat.says("max", '!rules add contains "pond" command #roll 1d1')
    assert len(chat.heard()) == 1
    chat.says("ana", "where is the POND?")
    (rolled,) = chat.heard()
    assert "rolled" in rolled
    chat.says("ana", "!help pond")
    (helped,) = chat.heard()
    assert "There is no 'pond' here." in helped
    assert chat.silent()


@pytest.mark.parametrize("on", ["discord", "slack"])
def test_a_forbidden_line_elsewhere(house: House, on: str) -> None:
    talk = house.chat(on=on, **own_place(on))
    phrase = a_phrase()
    assert talk.asks("max", f'!rules add contains "{phrase}" block', "Added rule", within=10)
    told = talk.asks("ana", phrase, "against the rules", within=10, to=talk.viewer)
    assert told
    assert told["kind"] == ("private" if on == "discord" else "ephemeral")
    assert talk.was_deleted(phrase) is (on == "discord")
    assert talk.asks("max", f"!quote {phrase}", "I do not say that here", within=10)
    assert talk.asks("max", "!rules undo", "Taken back", within=10)


def test_numbers_of_the_last_day(chat: Chat) -> None:
    chat.says("ana", "!stats")
    (told,) = chat.heard()
    assert re.fullmatch(
        r"In the last 24 hours: \d+ messages? by \d+ (person|people); "
        r"\d+ commands? ran, \d+ refused, \d+ failed\."
        r"( Most was said by \w+(, \w+)*, in #?[\w -]+ on (Discord|Twitch|Slack)\.)?",
        told,
    ), told


def test_who_changed_what_stays_on_record(house: House, chat: Chat) -> None:
    def says(line: str, answer: str) -> None:
        assert chat.asks("max", line, answer, within=10)

    says('!rules add word "goose" warn', "Added")
    says("!rules undo", "Taken back")
    says("!limits set !quote 1 in 1h", "once in 1 h")
    says("!limits set !quote 3 in 1h", "3 in 1 h")
    says("!waddlebot off", "quiet")

    community = f"twitch:channel:{chat.channel}"
    bearer = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    status, told = house.ask(
        "GET", f"/api/operations/changes?community={community}", headers=bearer
    )
    assert status == 200
    quiet, second, first, undone, added = told["changes"]
    assert {one["who"] for one in told["changes"]} == {"twitch:4100002"}
    assert (quiet["action"], quiet["about"]) == ("set quiet", community)
    assert (quiet["before"], quiet["after"]) == ({"value": False}, {"value": True})
    assert (first["before"], first["after"]["calls"]) == (None, 1)
    assert (second["before"], second["after"]["calls"]) == (first["after"], 3)
    assert undone["before"] == added["after"]
    assert added["after"] == {"kind": "word", "text": "goose", "action": "warn"}
