"""A picture as the house writes it: decoded by Pillow, and nothing but its pixels written anew.

What it says of itself (EXIF, profiles, texts) and what hangs on it is not written; its colours are
those that its profile says, in sRGB. What moves becomes an animated WebP, whatever it was.
"""

from __future__ import annotations

import io
import itertools
import warnings
from collections.abc import Iterator
from typing import Any

from PIL import Image

from functions.media.colours import in_srgb
from functions.media.unreadable import Unreadable
from waddlebot.domain.media_files import MOST_SERVED_BYTES, ReadBack

MOST_PIXELS = 16_000_000
MOST_SIDE = 16_000
"""WebP has sides of 16,383."""
MOST_FRAMES = 150
MOST_MOVING_PIXELS = 24_000_000
"""Of all frames together: they are in memory at once, four bytes a pixel."""
NO_TIME_MS, LONGEST_MS, USUAL_MS = 10, 10_000, 100
"""Of a frame; what says that it has no time, or next to none, has the usual one in all browsers."""
ORIENTATION = 0x0112
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
QUALITY = 90

NO_PICTURE = "That is no picture that I can read: I take PNG, JPEG, GIF and WebP."
TOO_MANY_PIXELS = "A picture has at most 16 million pixels, and 16,000 on a side."
TOO_MUCH_MOVES = "A picture that moves has at most 150 frames, and 24 million pixels in all."
TOO_LARGE = "Written anew the picture has more than 4 MB: take a smaller one."

TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By what EXIF says of how it lies; 1 is as it should."""

# Looked at before anything is decoded; Pillow refuses twice as much by itself.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def read_picture(content: bytes) -> tuple[bytes, ReadBack]:
    """Raises Unreadable."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                _check_size(image)
                return _moving(image) if _moves(image) else _still(image)
    except Unreadable:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable(TOO_MANY_PIXELS) from error
    except Exception as error:  # whatever a decoder says of what strangers made
        raise Unreadable(NO_PICTURE) from error


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Unreadable(TOO_MANY_PIXELS)


def _moves(image: Image.Image) -> bool:
    """A JPEG never: what a camera hangs behind its photo (`MPO`) is a preview of it."""
    return image.format != "MPO" and bool(getattr(image, "is_animated", False))


def _still(image: Image.Image) -> tuple[bytes, ReadBack]:
    kind = image.format
    image.load()
    clean = _pixels_of(_upright(image))
    if kind in {"JPEG", "MPO"}:
        return _written(clean.convert("RGB"), "jpg", "JPEG", quality=QUALITY)
    if kind != "WEBP":
        content, found = _written(clean, "png", "PNG")
        if len(content) <= MOST_SERVED_BYTES:
            return content, found
    return _checked(_written(clean, "webp", "WEBP", quality=QUALITY))


def _upright(image: Image.Image) -> Image.Image:
    """As the camera was held. Pillow's `exif_transpose` writes all that was told anew, and gives up
    where any of it is broken, as phones and programs often write it.
    """
    try:
        turned = TURNED.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001  whatever a reader says of what strangers wrote
        return image
    return image if turned is None else image.transpose(turned)


def _moving(image: Image.Image) -> tuple[bytes, ReadBack]:
    frames: list[Image.Image] = []
    times: list[int] = []
    for frame, milliseconds in _frames(image):
        frames.append(frame)
        times.append(milliseconds)
    written = _written(
        frames[0],
        "webp",
        "WEBP",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=0,
        quality=75,
        method=1,
    )
    content, found = _checked(written)
    seconds = sum(times) / 1000
    return content, ReadBack(
        ending=found.ending,
        size=found.size,
        width=found.width,
        height=found.height,
        seconds=seconds,
    )


def _frames(image: Image.Image) -> Iterator[tuple[Image.Image, int]]:
    """One by one, and no more than may be: what a header says of their number is not believed."""
    for number in itertools.count():
        try:
            image.seek(number)
        except EOFError:
            return
        _check_size(image)
        pixels = image.size[0] * image.size[1]
        if number >= MOST_FRAMES or (number + 1) * pixels > MOST_MOVING_PIXELS:
            raise Unreadable(TOO_MUCH_MOVES)
        image.load()
        yield _pixels_of(image), _time_of(image)


def _time_of(image: Image.Image) -> int:
    told = image.info.get("duration")
    milliseconds = int(told) if isinstance(told, int | float) else 0
    return min(milliseconds, LONGEST_MS) if milliseconds > NO_TIME_MS else USUAL_MS


def _pixels_of(image: Image.Image) -> Image.Image:
    """In a picture of its own, which knows nothing else of what it was."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        image = _of_eight_bits(image)
    pixels = in_srgb(image, profile) if profile else None
    if pixels is None:
        clear = image.has_transparency_data
        pixels = image.convert("RGBA" if clear else "RGB")
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    return clean


def _of_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits, of which Pillow cuts off what is brighter than 255."""
    grey = image.convert("I").point(lambda value: value / 256).convert("L")
    grey.info.pop("transparency", None)  # a grey of 16 bits, which is none here
    return grey


def _written(image: Image.Image, ending: str, kind: str, **how: Any) -> tuple[bytes, ReadBack]:
    out = io.BytesIO()
    image.save(out, kind, **how)
    content = out.getvalue()
    width, height = image.size
    return content, ReadBack(ending=ending, size=len(content), width=width, height=height)


def _checked(written: tuple[bytes, ReadBack]) -> tuple[bytes, ReadBack]:
    if len(written[0]) > MOST_SERVED_BYTES:
        raise Unreadable(TOO_LARGE)
    return written
