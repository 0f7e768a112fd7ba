"""The README's picture: a conversation that people would have, in a house that has just begun.

`make picture` takes it anew; the journey holds it, so that what it shows goes on being true.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.helpers.browser import SCREENSHOTS, Visit, a_browser, visiting
from tests.helpers.house import ROOT, running

PICTURE = ROOT / "docs" / "playground.png"
NAME = "playground-conversation"
QUOTE = "Never race a penguin downhill."
CONVERSATION = (
    ("discord", "Ana", "who is in for raft night on friday?", ""),
    ("discord", "Olga", "me! I bring cocoa", ""),
    ("discord", "Ana", "!remind friday 18:30 put the kettle on", "I will remind you"),
    ("slack", "Olga", "has anybody got the map of the rink?", ""),
    ("slack", "Max", '!addurl "Map of the rink" https://example.org/rink', "Kept as link"),
    ("slack", "Olga", "you are quick, thank you!", ""),
    ("twitch", "Ana", "I lost against a penguin. downhill. on its belly.", ""),
    ("twitch", "Max", f"!addquote {QUOTE} — Ana", "Kept as quote"),
    ("twitch", "Ana", "!quote penguin", QUOTE),
)
"""Where, who, what, and words of the bot's answer where one is awaited."""


def hold(visit: Visit) -> None:
    """Everybody says their lines, and hears what they should; then the picture is taken."""
    visit.page.get_by_role("button", name="Dismiss the five things to try").click()
    for on, person, text, answer in CONVERSATION:
        visit.be(person)
        visit.say(on, text)
        visit.sees(on, text)
        if answer:
            visit.hears(on, answer)
    visit.on_ticker(QUOTE)
    visit.page.locator("#twitch input[type=text]").blur()
    visit.picture(NAME)


def main() -> int:
    home = Path(tempfile.mkdtemp(prefix="waddlebot-picture-"))
    home.chmod(0o755)
    try:
        with (
            running(home) as (house, _),
            a_browser() as browser,
            visiting(browser, house.url) as it,
        ):
            hold(it)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    shutil.copy(SCREENSHOTS / f"{NAME}.png", PICTURE)
    print(f"Taken: {PICTURE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
