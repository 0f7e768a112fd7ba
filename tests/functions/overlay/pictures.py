"""`make picture`: what each theme makes of each sample, in the sheets that docs/overlays.md shows.

No run of the tests takes them: whoever changes how something looks does, and looks at them.
"""

from __future__ import annotations

import io
from contextlib import ExitStack

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser

from tests.helpers.house import ROOT
from tests.helpers.obs import browser_source
from tests.helpers.overlay_front import SOURCES, OverlayFront, connected
from waddlebot.domain.overlay_samples import SAMPLES
from waddlebot.domain.overlay_themes import THEMES
from waddlebot.stores.overlay_looks import OverlayLook, OverlayLooks
from waddlebot.stores.versions import Versions, editing

SIZE = (1280, 720)
SMALL = (480, 270)
COLUMNS, LABEL = 3, 28
A_GAME = "body { background: linear-gradient(160deg, #7fb4d8, #dfe9d2 45%, #3f6b48 46%, #1d3524) }"
STANDS_MS, GOES_MS = 900, 600


@pytest.mark.parametrize("theme", THEMES)
def test_a_sheet_is_taken(
    front: OverlayFront, chromium: Browser, versions: Versions, theme: str
) -> None:
    with editing(front.database, versions) as edit:
        OverlayLooks(edit, front.community).put(OverlayLook(theme=theme), OverlayLook())
    rows = -(-len(SAMPLES) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * SMALL[0], rows * (SMALL[1] + LABEL)), "white")
    with ExitStack() as open_:
        pages = {
            source: open_.enter_context(
                browser_source(chromium, front.page(source), size=SIZE, css=A_GAME)
            )
            for source in SOURCES
        }
        for source in SOURCES:
            connected(front, source)
        for nth, (kind, (source, content)) in enumerate(SAMPLES.items()):
            page = pages[source].page
            ground = page.screenshot()
            front.write(source, dict(content))
            page.wait_for_timeout(STANDS_MS)
            taken = page.screenshot()
            assert taken != ground, kind
            at = (nth % COLUMNS * SMALL[0], nth // COLUMNS * (SMALL[1] + LABEL))
            _put(sheet, taken, at, f"{kind}, on {source}")
            front.control(source, "clear")
            page.wait_for_timeout(GOES_MS)
        assert [one.complaints for one in pages.values()] == [[], [], []]
    sheet.save(ROOT / "docs" / f"overlays-{theme}.jpg", quality=82)


def _put(sheet: Image.Image, taken: bytes, at: tuple[int, int], label: str) -> None:
    sheet.paste(Image.open(io.BytesIO(taken)).convert("RGB").resize(SMALL), at)
    where = (at[0] + 8, at[1] + SMALL[1] + 5)
    ImageDraw.Draw(sheet).text(where, label, fill="black", font=ImageFont.load_default(size=16))
