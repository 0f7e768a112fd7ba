from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.module import MODULE
from tests.functions.modules.giveaways.letting_time_pass import let_time_pass
from tests.functions.modules.giveaways.linking import link, seen
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import Buttons, Chat, CommunityInfo
from waddlebot_sdk.dialogue import Dialogue

Talk = Dialogue[Giveaways]


@pytest.fixture
def elsewhere(giveaways: Giveaways) -> Talk:
    """The same community on Discord."""
    return Dialogue(MODULE, giveaways, entity="discord:channel:77", seed="elsewhere")


def said(talk: Talk, name: str, line: str, **more: object) -> str:
    """The one answer to a line."""
    talk.heard()
    talk.says(name, line, **more)  # type: ignore[arg-type]
    (heard,) = talk.heard()
    return heard


def moderates(talk: Talk, line: str) -> str:
    return said(talk, "Max", line, role="moderator")


def enter(talk: Talk, *names: str) -> None:
    for name in names:
        assert "You are in for #1" in said(talk, name, "!enter")


def outcomes(giveaways: Giveaways) -> list[str]:
    found = giveaways.find(1, None)
    assert found
    return [one.outcome.value for one in giveaways.draws.of(found)]


def drawn(giveaways: Giveaways) -> list[str]:
    """Names, in the order of the draw."""
    found = giveaways.find(1, None)
    assert found
    return [one.entry.name or "" for one in giveaways.draws.of(found)]


def test_what_holds_is_said_before(chat: Talk) -> None:
    heard = moderates(chat, '!giveaway start "A fish" for 10m winners 2 claim 90s subs x2 no mods')

    assert heard.startswith("🎁 Giveaway #1 A fish. !enter to be in, once a person")
    assert "Drawn <" in heard or "Drawn Mon" in heard or "Drawn " in heard
    assert "2 winners · 1 minute and 30 seconds to !claim · subs count 2 times" in heard
    assert "not for moderators" in heard
    assert len(heard.rpartition("SHA-256 is ")[2]) == 64


def test_a_prize_needs_no_quotes(chat: Talk) -> None:
    heard = moderates(chat, "!giveaway start A big fish, 2 winners, for half an hour")

    assert heard.startswith("🎁 Giveaway #1 A big fish. ")
    assert "2 winners" in heard


@pytest.mark.parametrize("prize", ["A table for 4", "A fish (in ice)", "Tea for two"])
def test_what_only_looks_like_a_term_is_the_prize(chat: Talk, prize: str) -> None:
    assert f"Giveaway #1 {prize}. " in moderates(chat, f"!giveaway start {prize} claim 2 hours")
    moderates(chat, "!giveaway cancel")
    quoted = moderates(chat, '!giveaway start "2 winners for 10m" winners 3')
    assert "Giveaway #2 2 winners for 10m. " in quoted
    assert "3 winners" in quoted


def test_texts_fit_where_the_least_fits(chat: Talk) -> None:
    """A message of Twitch has 500 characters, and an answer three of them."""
    weights = " ".join(f"{'l' * 29}{number} x10" for number in range(5))
    begun = moderates(chat, f'!giveaway start "{"x" * 100}" winners 20 {weights}')
    names = [f"{'a' * 23}{number:02}" for number in range(20)]
    for name in names:
        assert len(said(chat, name, "!enter")) <= 500
    drawn_now = moderates(chat, "!giveaway draw")
    assert all(f"{name} (" in drawn_now for name in names)
    assert len(begun) <= 1000
    assert len(drawn_now) <= 1400
    assert len(moderates(chat, "!giveaway")) <= 1400


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('"A fish" winners 0', "There can be 1 to 20 winners."),
        ('"A fish" winners 21', "There can be 1 to 20 winners."),
        ('"A fish" subs x11', "An entry counts 1 to 10 times."),
        ('"A fish" for 3s', "'3s' is no length of 30 seconds to 30 days."),
        ('"A fish" claim 8 days', "'8 days' is no length of 30 seconds to 7 days."),
        ('"A fish" and more', "'and more' is no term."),
        ("winners 2", "What is given away?"),
        ("x" * 101, "That is 101 characters long; a prize has 100 at most."),
        ("fish a x2 b x2 c x2 d x2 e x2 f x2", "5 labels at most"),
    ],
)
def test_what_is_no_term_is_said_with_an_example(chat: Talk, line: str, why: str) -> None:
    heard = moderates(chat, f"!giveaway start {line}")

    assert heard.startswith(why)
    assert 'Example: !giveaway start "A fish"' in heard


@pytest.mark.parametrize("behind", ["1" * 500, "1 " * 200, " " * 500, "a and " * 100])
def test_a_long_number_is_read_at_once(chat: Talk, behind: str) -> None:
    """Each of its digits could end a word: it took days to try all ways."""
    started = time.process_time()

    heard = moderates(chat, f"!giveaway start Ice for {behind}!")

    assert time.process_time() - started < 1
    assert heard.startswith(("That is ", "🎁 Giveaway #1 Ice for"))


@pytest.mark.parametrize("prize", ["\u200b\u200d", '"\u3164"', '"\u202e"'])
def test_a_prize_is_something_that_people_see(chat: Talk, prize: str) -> None:
    assert moderates(chat, f"!giveaway start {prize} winners 2").startswith("What is given away?")
    heard = moderates(chat, '!giveaway start "A \u202efish\u2069\u200b\n now"')
    assert heard.startswith("🎁 Giveaway #1 A fish now. ")


def test_it_is_for_moderators_to_start_one(chat: Talk) -> None:
    for line in ("start Fish", "draw", "close", "cancel", "reroll", "exclude @ana"):
        assert "needs moderator" in said(chat, "Ana", f"!giveaway {line}")


def test_the_newest_is_shown_with_a_button_while_it_runs(chat: Talk) -> None:
    assert said(chat, "Ana", "!giveaway").startswith("Nothing is given away.")
    moderates(chat, "!giveaway start A fish")

    chat.clicks("Ana", "I am in")

    assert said(chat, "Ana", "!giveaway").startswith("🎁 #1 A fish · 1 person in. !enter!")
    assert isinstance(chat.answers[-1], Buttons)
    moderates(chat, "!giveaway cancel")
    assert said(chat, "Ana", "!giveaway").startswith("Cancelled: #1 A fish.")
    assert said(chat, "Ana", "!enter") == "No giveaway runs now. See the last one: !giveaway"


def test_one_runs_at_a_time(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish")
    assert moderates(chat, "!giveaway start Ice").startswith("#1 A fish runs already")
    moderates(chat, "!giveaway draw")
    assert "Giveaway #2 Ice" in moderates(chat, "!giveaway start Ice")


def test_a_person_is_in_once_whatever_is_typed_or_pressed(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish")
    enter(chat, "Ana")
    assert "already, as entry" in said(chat, "Ana", "!enter")
    chat.clicks("Ana", "I am in")
    assert "already, as entry" in chat.heard()[0]
    assert isinstance(chat.answers[-1], Chat)
    assert chat.answers[-1].private
    assert "1 person in" in said(chat, "Bob", "!giveaway")


def test_linked_accounts_are_one_person(
    chat: Talk, elsewhere: Talk, connection: Connection
) -> None:
    link(connection, ("twitch", "ana"), ("discord", "penguin"))
    moderates(chat, "!giveaway start A fish subs x3")
    enter(chat, "Ana")

    heard = said(elsewhere, "Penguin", "!enter", labels=["subs"])

    assert "already, counted 3 times" in heard
    assert "1 person in" in said(chat, "Bob", "!giveaway")
    moderates(chat, "!giveaway draw")
    assert said(elsewhere, "Penguin", "!claim").startswith("🎁 #1 A fish is Ana's.")


def test_accounts_that_are_linked_later_win_once(
    chat: Talk, elsewhere: Talk, connection: Connection, giveaways: Giveaways
) -> None:
    moderates(chat, "!giveaway start A fish winners 2")
    enter(chat, "Ana")
    enter(elsewhere, "Penguin")
    moderates(chat, "!giveaway close")
    link(connection, ("twitch", "ana"), ("discord", "penguin"))

    moderates(chat, "!giveaway draw")

    assert outcomes(giveaways) == [
        "has to claim",
        "an account of somebody who was drawn already",
    ]


def test_accounts_that_are_linked_before_the_close_are_one_entry(
    chat: Talk, elsewhere: Talk, connection: Connection, giveaways: Giveaways
) -> None:
    moderates(chat, "!giveaway start A fish winners 2 subs x2")
    enter(chat, "Ana")
    said(elsewhere, "Penguin", "!enter", labels=["subs"])
    link(connection, ("twitch", "ana"), ("discord", "penguin"))

    assert "1 person in" in moderates(chat, "!giveaway close")

    found = giveaways.find(1, 1)
    assert found
    kept, left_out = giveaways.entries.all_of(found)
    assert (kept.weight, kept.left_out) == (2, "")
    assert left_out.left_out == "another account of somebody in the list"


def test_a_late_entry_is_refused_and_told_so(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish for 10m")
    enter(chat, "Ana")
    chat.now = datetime(2026, 1, 5, 12, 10, tzinfo=UTC)

    assert "are closed, you are not in" in said(chat, "Bob", "!enter")
    assert "are closed, you are in" in said(chat, "Ana", "!enter")
    moderates(chat, "!giveaway draw")
    assert said(chat, "Bob", "!enter").startswith("No giveaway runs now.")
    chat.clicks("Bob", "I am in")
    assert "are closed, you are not in" in chat.heard()[0]


def test_it_is_drawn_at_its_end_and_the_winner_is_called_once(
    chat: Talk, connection: Connection
) -> None:
    moderates(chat, "!giveaway start A fish for 10m claim 5m")
    enter(chat, "Ana")

    let_time_pass(chat, connection, minutes=11)

    announced, called = chat.heard()
    assert announced.startswith("🎉 #1 A fish goes to Ana (")
    assert "drawn from 1 person. !claim within 5 minutes!" in announced
    assert called.startswith("🎉 Ana, you won #1 A fish! Type !claim until ")
    answer = chat.answers[-1]
    assert isinstance(answer, Chat)
    assert answer.notifies
    assert said(chat, "Ana", "!claim").startswith("🎁 #1 A fish is Ana's.")
    let_time_pass(chat, connection, hours=5)
    assert chat.heard() == []


def test_who_does_not_claim_makes_room_for_another(
    chat: Talk, connection: Connection, giveaways: Giveaways
) -> None:
    moderates(chat, "!giveaway start A fish claim 5m")
    enter(chat, "Ana", "Bob")
    moderates(chat, "!giveaway draw")
    (first,) = drawn(giveaways)
    (second,) = {"Ana", "Bob"} - {first}

    let_time_pass(chat, connection, minutes=6)

    heard = chat.heard()
    assert any(one.startswith(f"{first} (") and f"it goes to {second} (" in one for one in heard)
    assert sum(f"{second}, you won #1" in one for one in heard) == 1
    assert "is not yours any more" in said(chat, first, "!claim")
    assert said(chat, second, "!claim").startswith(f"🎁 #1 A fish is {second}'s.")
    assert outcomes(giveaways) == ["did not claim in time", "claimed"]


def test_where_nobody_is_left_that_is_said(chat: Talk, connection: Connection) -> None:
    moderates(chat, "!giveaway start A fish winners 3")
    enter(chat, "Ana")
    moderates(chat, "!giveaway draw")

    let_time_pass(chat, connection, minutes=6)

    assert chat.heard()[-1].endswith("did not get #1 A fish, and nobody is left. See it: !giveaway")


def test_where_many_do_not_claim_the_next_ones_are_read_whole(
    chat: Talk, connection: Connection
) -> None:
    moderates(chat, f'!giveaway start "{"x" * 100}" winners 20')
    for number in range(60):
        said(chat, f"{'a' * 23}{number:02}", "!enter")
    moderates(chat, "!giveaway draw")

    let_time_pass(chat, connection, minutes=6)

    again = next(one for one in chat.heard() if "did not get" in one)
    assert again.startswith("20 people did not get #1 xxx")
    assert again.endswith("!claim within 5 minutes!")
    assert again.count("(") == 20
    assert len(again) <= 1400
    shown = moderates(chat, "!giveaway")
    assert shown.count(": has to claim") == 20
    assert "20 more won nothing" in shown
    assert len(shown) <= 1400
    let_time_pass(chat, connection, minutes=12)
    chat.heard()
    shown = moderates(chat, "!giveaway")
    assert shown.count(": did not claim in time") == 10
    assert "50 more won nothing" in shown


def test_nothing_is_drawn_where_nobody_is_in(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish")

    assert moderates(chat, "!giveaway draw").startswith("Nobody is in for #1 A fish")


def test_a_claim_is_for_those_who_were_drawn(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish")
    enter(chat, "Ana")
    moderates(chat, "!giveaway draw")

    assert said(chat, "Bob", "!claim").startswith("You were not drawn in any giveaway.")
    said(chat, "Ana", "!claim")
    assert said(chat, "Ana", "!claim") == "#1 A fish is yours already. See it: !giveaway"


def test_moderators_draw_again_in_somebodys_place(chat: Talk, giveaways: Giveaways) -> None:
    moderates(chat, "!giveaway start A fish winners 2")
    assert moderates(chat, "!giveaway reroll").startswith("#1 A fish is not drawn")
    enter(chat, "Ana", "Bob", "Cleo", "Dora")
    moderates(chat, "!giveaway draw")
    first, second = drawn(giveaways)

    assert "Say whose place, by entry: !giveaway reroll" in moderates(chat, "!giveaway reroll")
    found = giveaways.find(1, None)
    assert found
    entry = giveaways.draws.of(found)[0].entry.entry
    heard = moderates(chat, f"!giveaway reroll {entry}")

    third = drawn(giveaways)[2]
    assert heard.startswith(f"{first} ({entry}) did not get #1 A fish: it goes to {third} (")
    assert outcomes(giveaways)[0] == "passed over by a moderator"
    assert len({first, second, third}) == 3
    assert "is no entry" in moderates(chat, f"!giveaway reroll {entry}")


def test_moderators_draw_again_in_one_of_before(chat: Talk, giveaways: Giveaways) -> None:
    moderates(chat, "!giveaway start A fish winners 2")
    enter(chat, "Ana", "Bob", "Cleo")
    moderates(chat, "!giveaway draw")
    first, *_ = drawn(giveaways)
    moderates(chat, "!giveaway start Ice")
    which = moderates(chat, "!giveaway reroll 1").rpartition("by entry: ")[2]

    heard = moderates(chat, which)

    assert heard.startswith(f"{first} ({which.rpartition(' ')[2]}) did not get #1 A fish: it goes")


def test_a_draw_again_is_of_its_own_community(chat: Talk, giveaways: Giveaways) -> None:
    other = Dialogue(MODULE, giveaways, community=CommunityInfo(id=2, name="Other"), seed="other")
    moderates(chat, "!giveaway start A fish")
    enter(chat, "Ana", "Bob")
    moderates(chat, "!giveaway draw")
    found = giveaways.find(1, None)
    assert found
    entry = giveaways.draws.of(found)[0].entry.entry

    assert "is no number of a giveaway" in moderates(other, f"!giveaway reroll {entry}")
    assert outcomes(giveaways) == ["has to claim"]


@pytest.mark.parametrize("when", ["before", "after", "closed"])
def test_who_is_excluded_wins_nothing(chat: Talk, giveaways: Giveaways, when: str) -> None:
    moderates(chat, "!giveaway start A fish winners 3")
    if when == "before":
        assert moderates(chat, "!giveaway exclude @ana").startswith("ana cannot win #1 A fish")
        assert "a moderator left you out" in said(chat, "Ana", "!enter")
    else:
        enter(chat, "Ana")
        if when == "closed":
            moderates(chat, "!giveaway close")
        moderates(chat, "!giveaway exclude @ana")
    moderates(chat, "!giveaway draw")

    assert "has to claim" not in outcomes(giveaways)


def test_who_is_excluded_is_not_in_under_another_account(
    chat: Talk, elsewhere: Talk, connection: Connection
) -> None:
    link(connection, ("twitch", "ana"), ("discord", "penguin"))
    moderates(chat, "!giveaway start A fish")
    seen(connection, "twitch", "ana", "ana")
    moderates(chat, "!giveaway exclude @ana")

    assert "a moderator left you out" in said(elsewhere, "Penguin", "!enter")


def test_a_name_that_is_nobody_is_refused(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish")

    assert "is nobody that I know here" in moderates(chat, "!giveaway exclude the one there")


def test_who_is_banned_wins_nothing_on_any_platform(
    chat: Talk, elsewhere: Talk, connection: Connection, giveaways: Giveaways
) -> None:
    link(connection, ("twitch", "ana"), ("discord", "penguin"))
    moderates(chat, "!giveaway start A fish")
    enter(elsewhere, "Penguin")

    chat.happens("ban", {"reason": ""}, to="Ana")
    moderates(chat, "!giveaway draw")

    assert drawn(giveaways) == []


def test_moderators_are_in_unless_it_was_said(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish without moderators")
    assert moderates(chat, "!enter").startswith("#1 A fish is not for moderators")
    moderates(chat, "!giveaway cancel")
    moderates(chat, "!giveaway start Ice")
    assert moderates(chat, "!enter").startswith("You are in for #2 Ice")


@pytest.mark.parametrize("badge", ["subscriber", "founder"])
def test_subscribers_of_twitch_count_by_their_badge(chat: Talk, badge: str) -> None:
    moderates(chat, "!giveaway start A fish subs x2 regular x4")

    assert "counted 2 times" in said(chat, "Ana", "!enter", badges=[badge, "premium"])
    assert "counted 4 times" in said(chat, "Bob", "!enter", badges=[badge], labels=["Regular"])
    assert "counted" not in said(chat, "Cleo", "!enter", badges=["vip"])


def test_communities_know_nothing_of_each_other(chat: Talk, giveaways: Giveaways) -> None:
    other = Dialogue(MODULE, giveaways, community=CommunityInfo(id=2, name="Other"), seed="other")
    moderates(chat, "!giveaway start A fish")

    assert said(other, "Ana", "!enter").startswith("No giveaway runs now.")
    assert "Giveaway #1 Ice" in moderates(other, "!giveaway start Ice")


def test_what_it_does_not_know_is_said(chat: Talk) -> None:
    assert "It knows: start, draw" in said(chat, "Ana", "!giveaway restart")
    assert said(chat, "Ana", "!giveaway proof 7").startswith("There is no giveaway #7.")
    assert said(chat, "Ana", "!giveaway proof seven").startswith("'seven' is no number")
    assert moderates(chat, "!giveaway draw").startswith("Nothing is given away.")


def test_a_second_draw_and_a_second_close_say_that_it_is_done(chat: Talk) -> None:
    moderates(chat, "!giveaway start A fish")
    enter(chat, "Ana")
    assert "1 person in. The list's SHA-256 is" in moderates(chat, "!giveaway close")
    assert moderates(chat, "!giveaway close").startswith("Entries of #1 A fish are closed already.")
    moderates(chat, "!giveaway draw")
    assert moderates(chat, "!giveaway draw").startswith("#1 A fish was drawn already: Ana (")
    assert moderates(chat, "!giveaway cancel").startswith("#1 A fish is drawn already.")
    assert "Ana (" in said(chat, "Bob", "!giveaway")
