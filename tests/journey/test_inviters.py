"""Who invited is what Discord says that they are once the word is used: it is asked then."""

from __future__ import annotations

from tests.helpers.house import House
from tests.helpers.inviting import invited, settled
from tests.helpers.signing_in import somebody


def test_who_gave_their_server_away_brings_nobody_into_its_community(house: House) -> None:
    ours, theirs = settled(house, "discord"), settled(house, "discord")
    word = invited(ours)
    given = {"type": "server_owner", "as": somebody(), "on": "discord", "channel": ours.channel}
    assert house.post("/stand-ins/happens", {**given, "server": ours.server})["accepted"]
    assert theirs.asks("olga", f"!community join {word}", "may invite nobody any more", within=15.0)


def test_who_still_has_it_brings_another(house: House) -> None:
    ours, theirs = settled(house, "discord"), settled(house, "discord")
    assert theirs.asks("olga", f"!community join {invited(ours)}", "Welcome to", within=15.0)
