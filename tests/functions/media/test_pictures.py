"""Pictures that were uploaded: what is written of them, and what is not taken."""

from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from functions.media.pictures import (
    NO_PICTURE,
    TOO_MANY_PIXELS,
    TOO_MUCH_MOVES,
    read_picture,
)
from functions.media.unreadable import Unreadable
from tests.helpers.media_samples import (
    apng_that_says,
    bomb,
    in_wide_colours,
    jpeg_of_a_camera,
    jpeg_with_broken_exif,
    jpeg_with_exif,
    moving,
    png,
    png_of_16_bits,
    png_with_swollen_words,
    swapped_profile,
    wav,
    with_position,
    zipped,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(document.domain)</script>"


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_a_picture_keeps_its_pixels_and_its_kind() -> None:
    content, found = read_picture(png((64, 48), "tomato"))
    assert (found.ending, found.width, found.height, found.size) == ("png", 64, 48, len(content))
    assert opened(content).convert("RGB").getpixel((3, 3)) == (255, 99, 71)


def test_what_a_camera_wrote_into_it_is_gone_and_it_stands_upright() -> None:
    content, found = read_picture(jpeg_with_exif())
    assert (found.ending, found.width, found.height) == ("jpg", 20, 40)
    assert b"the street" not in content
    assert not opened(content).getexif()


@pytest.mark.parametrize("broken", [(0x011A, 2, 5), (0x0131, 5, 60), (0x8825, 4, 60)])
def test_a_photo_is_taken_whatever_else_a_phone_wrote_wrongly_into_it(
    broken: tuple[int, int, int],
) -> None:
    content, found = read_picture(jpeg_with_broken_exif(broken))
    assert (found.ending, found.width, found.height) == ("jpg", 20, 40)
    assert b"Exif" not in content


@pytest.mark.parametrize("preview", [(160, 120), (400, 300)])
def test_a_photo_with_a_preview_behind_it_is_the_photo(preview: tuple[int, int]) -> None:
    content, found = read_picture(jpeg_of_a_camera(preview))
    assert (found.ending, found.width, found.height, found.seconds) == ("jpg", 400, 300, 0)
    assert b"MPF" not in content
    assert getattr(opened(content), "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("WEBP", "RGB")],
)
def test_colours_stay_as_the_profile_says_them_and_the_profile_goes(kind: str, mode: str) -> None:
    pixel = (250, 10, 10, 128) if mode == "RGBA" else (250, 10, 10)
    content, _ = read_picture(in_wide_colours(kind, pixel, mode))
    image = opened(content)
    assert "icc_profile" not in image.info
    assert b"swapped" not in content
    red, green, blue, clear = image.convert("RGBA").getpixel((3, 3))
    assert green > 230
    assert max(red, blue) < 40
    assert clear == (128 if mode == "RGBA" else 255)


def test_what_moves_has_the_colours_of_its_profile_as_well() -> None:
    frames = [Image.new("RGB", (16, 16), one) for one in ("red", "#f80000")]
    out = io.BytesIO()
    told = {"save_all": True, "append_images": frames[1:], "duration": 100, "lossless": True}
    frames[0].save(out, "WEBP", icc_profile=swapped_profile(), **told)
    content, _ = read_picture(out.getvalue())
    image = opened(content)
    assert "icc_profile" not in image.info
    red, green, _ = image.convert("RGB").getpixel((3, 3))
    assert (red < 40, green > 220) == (True, True)


@pytest.mark.parametrize(
    "profile",
    [b"no profile", bytes(200), swapped_profile()[:150], swapped_profile(b"CMYK"), b"\xff" * 5_000],
)
def test_a_profile_that_nobody_can_read_leaves_colours_as_they_are(profile: bytes) -> None:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (250, 10, 10)).save(out, "PNG", icc_profile=profile)
    content, _ = read_picture(out.getvalue())
    assert opened(content).convert("RGB").getpixel((3, 3)) == (250, 10, 10)


def test_cmyk_without_a_profile_is_read_as_ever() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(out, "JPEG")
    content, _ = read_picture(out.getvalue())
    red, green, blue = opened(content).convert("RGB").getpixel((3, 3))
    assert red > 200
    assert max(green, blue) < 60


def test_grey_of_sixteen_bits_stays_as_grey_as_it_was() -> None:
    content, _ = read_picture(png_of_16_bits(0x8000))
    assert opened(content).convert("L").getpixel((3, 3)) == 0x80


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_a_picture_was_taken_is_told_by_none(kind: str) -> None:
    taken = with_position(kind)
    assert opened(taken).getexif().get_ifd(0x8825)
    content, _ = read_picture(taken)
    assert not opened(content).getexif()
    for trace in (b"where I live", b"Exif", b"xmpmeta", b"Comment"):
        assert trace not in content


def test_as_many_pixels_as_may_be_are_taken() -> None:
    _, found = read_picture(bomb(16_000, 1_000, rows=1_000))
    assert (found.width, found.height) == (16_000, 1_000)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_what_moves_becomes_webp_with_all_its_frames(kind: str) -> None:
    content, found = read_picture(moving(kind, 5))
    assert found.ending == "webp"
    assert opened(content).n_frames == 5
    assert found.seconds == pytest.approx(0.25)


@pytest.mark.parametrize(("told", "is_shown"), [(10, 100), (20, 20), (50, 50), (20_000, 10_000)])
def test_a_gif_is_as_fast_as_browsers_show_it(told: int, is_shown: int) -> None:
    """What says a hundredth of a second or less has a tenth, as in all of them."""
    content, found = read_picture(moving("GIF", 4, milliseconds=told))
    assert found.seconds == pytest.approx(4 * is_shown / 1000)
    with Image.open(io.BytesIO(content)) as image:
        image.seek(1)
        image.load()
        assert image.info["duration"] == is_shown


def test_what_hangs_on_a_picture_is_not_written() -> None:
    for polyglot in (png() + HTML, png() + b"PK\x03\x04" + bytes(64), moving("GIF", 1) + HTML):
        content, _ = read_picture(polyglot)
        assert b"<script>" not in content
        assert b"PK\x03\x04" not in content


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("svg", SVG, NO_PICTURE),
        ("html called .png", HTML, NO_PICTURE),
        ("the first bytes of a png, then html", b"\x89PNG\r\n\x1a\n" + HTML, NO_PICTURE),
        ("gif89a and a script", b"GIF89a/*" + HTML, NO_PICTURE),
        ("cut off", png((300, 300))[:-200], NO_PICTURE),
        ("cut off in its head", png()[:20], NO_PICTURE),
        ("a sound", wav(), NO_PICTURE),
        ("nothing", b"\0", NO_PICTURE),
        ("an archive of 100 MB of zeros", zipped(100_000_000), NO_PICTURE),
        ("64 MB of words in 64 kB", png_with_swollen_words(64_000_000), NO_PICTURE),
        ("pdf", b"%PDF-1.7\n%%EOF", NO_PICTURE),
        ("windows bitmap", b"BM" + bytes(60), NO_PICTURE),
        ("one bit a pixel, 900 million of them", bomb(30_000, 30_000), TOO_MANY_PIXELS),
        ("one bit a pixel, a little too many", bomb(4_001, 4_000), TOO_MANY_PIXELS),
        ("a line of a million pixels", bomb(1_000_000, 1), TOO_MANY_PIXELS),
        ("151 frames", moving("GIF", 151, (4, 4)), TOO_MUCH_MOVES),
        ("10,000 frames", moving("PNG", 10_000, (2, 2)), TOO_MUCH_MOVES),
        ("moves, and is large", moving("WEBP", 3, (3_000, 3_000)), TOO_MUCH_MOVES),
    ],
)
def test_what_is_none_or_too_much_is_refused_with_a_sentence(
    name: str, content: bytes, why: str
) -> None:
    before = time.process_time()
    with pytest.raises(Unreadable) as refused:
        read_picture(content)
    assert str(refused.value) == why, name
    assert time.process_time() - before < 5, name


def test_what_a_header_says_of_frames_is_not_believed() -> None:
    with pytest.raises(Unreadable):
        read_picture(apng_that_says(10_000))
