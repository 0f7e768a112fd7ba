"""A sound of a community where no house serves one, and whether it is heard."""

from __future__ import annotations

import io
import math
import wave
from array import array

from playwright.sync_api import BrowserContext

SOUND = f"/files/7/{'a' * 32}.wav"
"""As an alert names it."""
SECONDS = 2
_RATE = 22_050
PLAYED = "Math.min(...[...document.querySelectorAll('audio')].map((one) => one.currentTime))"
DECODED = "document.querySelector('audio')?.webkitAudioDecodedByteCount ?? 0"


def serve_sounds(context: BrowserContext) -> None:
    """A tone of two seconds at every address of files."""
    tone = _tone()
    context.route("**/files/**", lambda at: at.fulfill(content_type="audio/wav", body=tone))


def _tone() -> bytes:
    samples = array("h", (int(8_000 * math.sin(at / 8)) for at in range(SECONDS * _RATE)))
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    return held.getvalue()
