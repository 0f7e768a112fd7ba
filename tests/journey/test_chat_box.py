"""One chat of three platforms in OBS: what people write is read there until it is deleted."""

from __future__ import annotations

import uuid

from playwright.sync_api import Browser, expect

from tests.helpers.chat_lines import ChatRoom
from tests.helpers.house import House
from tests.helpers.obs import USUAL, browser_source, chromium

__all__ = ["chromium"]  # a fixture

PATIENCE_MS = 60_000


def test_ana_ben_and_cho_are_read_in_obs_until_a_line_is_deleted(
    house: House, chromium: Browser
) -> None:
    room, word = ChatRoom(house), uuid.uuid4().hex[:8]
    room.is_shown()
    with browser_source(chromium, room.page(), size=USUAL) as obs:
        lines = obs.page.locator(".chat-line")
        anas = room.writes("ana", "twitch", f"Hello from Twitch {word}")
        bens = room.writes("ben", "discord", f"Hello from Discord {word}")
        room.writes("cho", "slack", f"Hello from Slack {word} :wave:")
        for who, said in (
            ("Ana", f"Hello from Twitch {word}"),
            ("Ben", f"Hello from Discord {word}"),
            ("Cho", f"Hello from Slack {word} \N{WAVING HAND SIGN}"),
        ):
            line = lines.filter(has_text=said)
            expect(line).to_have_count(1, timeout=PATIENCE_MS)
            expect(line.locator(".chat-name")).to_have_text(who)

        room.deletes(bens)
        expect(lines.filter(has_text=f"Discord {word}")).to_have_count(0, timeout=PATIENCE_MS)
        expect(lines.filter(has_text=word)).to_have_count(2)

        obs.page.reload()
        expect(lines.filter(has_text=word)).to_have_count(2, timeout=PATIENCE_MS)
        room.deletes(anas)
        expect(lines.filter(has_text=word)).to_have_count(1, timeout=PATIENCE_MS)
        assert obs.complaints == []
