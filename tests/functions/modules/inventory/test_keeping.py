"""What there is, and what happened to it, as it is talked about in chat."""

from __future__ import annotations

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.texts import VERBS
from tests.functions.modules.inventory.talking import Chat, at, moderates, says
from waddlebot_sdk.shown import Shown


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("camera", "Added camera as #1."),
        ('camera "Sony A7" #video', "Added camera as #1: Sony A7. Labels: video."),
        ("camera Sony A7 #video #Photo", "Added camera as #1: Sony A7. Labels: photo, video."),
        ('camera "Sony A7" video photo', "Added camera as #1: Sony A7. Labels: photo, video."),
        (
            'camera "Sony A7" game night, video',
            "Added camera as #1: Sony A7. Labels: game night, video.",
        ),
        ("AA battery x12 in the box", "Added 12 x AA battery as #1: in the box."),
        ('"AA battery" 12x #power', "Added 12 x AA battery as #1. Labels: power."),
        ("“AA battery” x 12 “blue box” power", "Added 12 x AA battery as #1: blue box."),
        ("12 V adapter", "Added 12 as #1: V adapter."),
    ],
)
def test_a_thing_is_added_as_people_type_it(chat: Chat, typed: str, answer: str) -> None:
    (said,) = moderates(chat, f"!inventory add {typed}")

    assert said.startswith(answer)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "Usage: !inventory add <item> [count] [description] [labels]. Example: "),
        ("CAMERA again", "There is camera already: #1."),
        ("x" * 256, "That is 256 characters long; at most 255 can be kept."),
        (f"lens {'x' * 2001}", "That is 2001 characters long; at most 2000 can be kept."),
        ("lens #a #b #c #d #e #f", "An item has 5 labels at most."),
        (f"lens #{'x' * 41}", "A label is 1 to 40 letters, digits, spaces and hyphens."),
        ("lens x0", "It is 1 at least and 100,000 at most."),
        ("#lens", "An item has a name on one line, and begins with no #."),
        ("le\u202ens", "An item has a name on one line, and begins with no #."),
    ],
)
def test_what_cannot_be_added_is_said(chat: Chat, typed: str, answer: str) -> None:
    moderates(chat, "!inventory add camera")

    (said,) = moderates(chat, f"!inventory add {typed}")

    assert said.startswith(answer)


def test_what_there_is_is_listed_with_who_has_it(chat: Chat) -> None:
    moderates(chat, "!inv add camera", "!inv add lens", "!inv add AA battery x12")
    says(chat, "Ana", "!inv take camera", "!inv take AA battery 3")

    assert says(
        chat,
        "Ana",
        "!inventory list",
        "!inventory list available",
        "!inv list checkedout",
        "!inv list out 1",
        "!inv list 2",
        "!inv list birds",
    ) == [
        "Inventory: #1 camera (Ana) · #2 lens · #3 AA battery (9 of 12)",
        "Available: #2 lens · #3 AA battery (9 of 12)",
        "Out: #1 camera (Ana) · #3 AA battery (9 of 12)",
        "Out: #1 camera (Ana) · #3 AA battery (9 of 12)",
        "There is no page 2: all of it is on one, !inventory list",
        "I list all, available, out or low, not 'birds'. Try: !inventory list",
    ]


def test_a_long_list_is_paged_and_a_long_thing_fits(chat: Chat) -> None:
    moderates(chat, *(f"!inv add thing{n} {'x' * 300}" for n in range(60)))
    for n in range(5):
        says(chat, f"{'Ana' * 40}{n}", f"!inv take thing{n}")

    first, shown = says(chat, "Ana", "!inv list", "!inv show thing1")

    assert first.endswith("Page 1 of 3; !inventory list 2 goes on.")
    assert "…." in shown
    assert all(len(line) < 500 for line in (first, shown))


def test_what_happened_outlives_the_thing(chat: Chat) -> None:
    moderates(chat, "!inv add camera")
    says(chat, "Ana", "!inv take camera")
    moderates(chat, "!inv checkin camera", "!inv checkout camera @cleo")
    day = at(chat.now, Shown.DAY)

    assert says(chat, "Olga", "!inventory delete camera", role="admin")[0].startswith(
        "Deleted #1 camera; its history stays. cleo has 1 until "
    )
    moderates(chat, "!inv add camera")
    first, second = says(chat, "Ana", "!inv history", "!inventory history page 2")
    assert first.split(" · ") == [
        f"{day} added camera by Max",
        f"{day} deleted camera by Olga, with cleo",
        f"{day} lent camera to cleo by Max",
        f"{day} back camera from Ana by Max",
        f"{day} lent camera to Ana",
        "Page 1 of 2; !inventory history page 2 goes on.",
    ]
    assert second == f"{day} added camera by Max · Page 2 of 2."
    assert says(chat, "Ana", "!inv history #2", "!inv history camera page 2") == [
        f"{day} added camera by Max",
        "There is no page 2: all of it is on one, !inventory history camera",
    ]
    says(chat, "Olga", "!inventory delete camera", role="admin")
    (said,) = says(chat, "Ana", "!inv history CAMERA")
    assert said.startswith(f"{day} deleted camera by Olga · {day} added camera by Max")


@pytest.mark.parametrize(
    "hostile",
    ["@everyone", "';DROP", "{0}%s%(words)s\\", "<!channel>", "🐧" * 9, "%", "_"],
)
def test_hostile_names_are_kept_as_they_are(chat: Chat, hostile: str) -> None:
    moderates(chat, f'!inv add "{hostile} {hostile}" {hostile}')

    assert says(chat, "Ana", f"!inv show {hostile} {hostile}") == [
        f"#1 {hostile} {hostile}: {hostile}. It is here."
    ]


def test_names_are_offered_while_somebody_types(chat: Chat) -> None:
    moderates(chat, "!inv add camera", "!inv add lens #video")
    says(chat, "Ana", "!inv take camera")

    assert chat.completes("!inventory show ") == ["camera", "lens"]
    assert chat.completes("!inventory take ") == ["lens"]
    assert chat.completes("!inventory return ca") == ["camera"]
    assert chat.completes("!inventory show vid") == ["lens"]


def test_an_unknown_verb_lists_those_there_are(chat: Chat) -> None:
    unknown, plain = says(chat, "Ana", "!inventory frobnicate 3", "!inv")

    assert unknown.startswith("'frobnicate 3' is nothing that !inventory does. It knows: list, ")
    assert plain.startswith("Say: list, show")


def test_the_verbs_that_are_listed_are_those_that_are_declared() -> None:
    declared = {
        path.removeprefix("inventory ")
        for found in MODULE.commands
        for path in found.paths
        if path.startswith("inventory ")
    }

    assert set(VERBS) == declared - {"status"}


def test_one_name_typed_by_two_keyboards_is_one_name(chat: Chat) -> None:
    """é is one sign or two, which nobody sees."""
    moderates(chat, "!inv add caf\u00e9")

    assert moderates(chat, "!inv add cafe\u0301") == ["There is caf\u00e9 already: #1."]
    (taken,) = says(chat, "Ana", "!inv take cafe\u0301 for 2 days")
    assert taken.startswith("You have caf\u00e9 until ")


def test_an_apostrophe_of_a_phone_is_the_one_of_a_keyboard(chat: Chat) -> None:
    moderates(chat, "!inv add Ben\u2019s lamp x2", "!inv add Ana's\u00a0rope x2")

    assert moderates(chat, "!inv add Ben's lamp x2") == ["There is Ben's lamp already: #1."]
    (taken,) = says(chat, "Ana", "!inv take ana\u2019s rope for 2 days")
    assert taken.startswith("You have Ana's rope until ")
    (known,) = says(chat, "Ana", "!inv history ben\u2019s lamp")
    assert "added 2 x Ben's lamp" in known


@pytest.mark.parametrize("count", ["x-1", "x1e9", "x1.5", "x12345678", "\u00d7-2"])
def test_what_is_meant_as_a_count_is_no_description(chat: Chat, count: str) -> None:
    (said,) = moderates(chat, f"!inv add rope {count}")

    assert said == f"'{count}' is no number of things. Say 3 or x3."


def test_what_is_there_already_uses_up_no_number(chat: Chat) -> None:
    moderates(chat, "!inv add camera", "!inv add CAMERA")

    assert moderates(chat, "!inv add rope") == ["Added rope as #2."]
