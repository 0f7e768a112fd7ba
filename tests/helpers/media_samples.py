"""Pictures and sounds as people upload them, and what somebody made who means no good."""

from __future__ import annotations

import io
import math
import struct
import wave
import zipfile
import zlib

from PIL import Image


def png(size: tuple[int, int] = (64, 48), color: str = "tomato") -> bytes:
    return _saved(Image.new("RGB", size, color), "PNG")


def jpeg_with_exif() -> bytes:
    """Taken at a place that is in it."""
    exif = Image.Exif()
    exif[0x010E] = "the street where I live"
    exif[0x0112] = 6  # to be turned
    return _saved(Image.new("RGB", (40, 20), "navy"), "JPEG", exif=exif)


def jpeg_with_broken_exif(*broken: tuple[int, int, int]) -> bytes:
    """To be turned, as `jpeg_with_exif`; `broken` are entries that no reader can write again, by
    tag, type and value (TIFF 6.0, section 2).
    """
    entries = [(0x0112, 3, 6), *broken]
    told = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    told = b"II*\0" + struct.pack("<IH", 8, len(entries)) + told + bytes(64)
    part = b"Exif\0\0" + told
    whole = _saved(Image.new("RGB", (40, 20), "navy"), "JPEG")
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part + whole[2:]


def jpeg_of_a_camera(preview: tuple[int, int]) -> bytes:
    """With a preview of that size behind it, as many cameras write (CIPA DC-007)."""
    images = [Image.new("RGB", (400, 300), "tomato"), Image.new("RGB", preview, "navy")]
    return _saved(images[0], "MPO", save_all=True, append_images=images[1:])


def png_of_16_bits(grey: int) -> bytes:
    return _saved(Image.new("I;16", (40, 30), grey), "PNG")


def in_wide_colours(kind: str, pixel: tuple[int, ...], mode: str = "RGB") -> bytes:
    """A picture of one colour with a profile whose red is green and whose green is red, which no
    reader mistakes for anything else; `mode` is RGB, RGBA or P.
    """
    image = Image.new("RGBA" if mode == "RGBA" else "RGB", (16, 16), pixel)
    if mode == "P":
        image = image.quantize(4)
    return _saved(
        image, kind, icc_profile=swapped_profile(), **({"lossless": True} if kind == "WEBP" else {})
    )


def swapped_profile(space: bytes = b"RGB ") -> bytes:
    """Matrix and curves by ICC.1:2022, 7 and 9: sRGB's columns, red and green exchanged."""
    red, green, blue = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139)
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    parts = {
        b"rXYZ": _xyz(green),
        b"gXYZ": _xyz(red),
        b"bXYZ": _xyz(blue),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC", b"kTRC"), curve),
        b"wtpt": _xyz((0.9642, 1.0, 0.8249)),
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 8) + b"swapped\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"nobody\0\0",
    }
    at, table, body = 128 + 4 + 12 * len(parts), b"", b""
    for name, part in parts.items():
        table += name + struct.pack(">II", at + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    head = bytearray(128)
    struct.pack_into(">I", head, 0, at + len(body))
    head[8:12], head[12:16], head[16:20] = b"\x02\x40\0\0", b"mntr", space
    head[20:24], head[36:40] = b"XYZ ", b"acsp"
    head[68:80] = _xyz((0.9642, 1.0, 0.8249))[8:]
    return bytes(head) + struct.pack(">I", len(parts)) + table + body


def _xyz(value: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(one * 65536)) for one in value)


def with_position(kind: str) -> bytes:
    """With where it was taken: in EXIF, in XMP, and in words."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 56.0, 53.0), 3: "E", 4: (7.0, 26.0, 51.0)})
    exif[0x010E] = "the street where I live"
    told = {"exif": exif.tobytes()}
    if kind != "PNG":
        told["xmp"] = b"<x:xmpmeta>the street where I live</x:xmpmeta>"
    whole = _saved(Image.new("RGB", (40, 20), "navy"), kind, **told)
    if kind != "PNG":
        return whole
    at = whole.index(b"IDAT") - 4
    words = _chunk(b"tEXt", b"Comment\0the street where I live")
    return whole[:at] + words + whole[at:]


def png_with_swollen_words(size: int) -> bytes:
    """A few kilobytes that are so many bytes of text when somebody unpacks them."""
    whole = png((8, 8))
    at = whole.index(b"IDAT") - 4
    packed = zlib.compress(bytes(size), 9)
    return whole[:at] + _chunk(b"zTXt", b"Comment\0\0" + packed) + whole[at:]


def zipped(size: int) -> bytes:
    """An archive with one file of so many zeros in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tada.png", bytes(size))
    return out.getvalue()


def moving(
    kind: str, frames: int, size: tuple[int, int] = (16, 16), *, milliseconds: int = 50
) -> bytes:
    """Each frame another one, for so long."""
    colors = [(n * 97 % 256, n * 61 % 256, n // 256 * 5 % 256) for n in range(frames)]
    images = [Image.new("RGB", size, one) for one in colors]
    told = {"duration": milliseconds, "loop": 0}
    return _saved(images[0], kind, save_all=True, append_images=images[1:], **told)


def wav(seconds: float = 0.5, rate: int = 22_050) -> bytes:
    out = io.BytesIO()
    count = int(seconds * rate)
    tone = (int(9000 * math.sin(440 * 2 * math.pi * n / rate)) for n in range(count))
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", one) for one in tone))
    return out.getvalue()


def wav_of_a_studio(kind: int = 1) -> bytes:
    """A tenth of a second in 24 bits, or in floating point with `kind` 3, as most programs for
    sound write them: WAVE_FORMAT_EXTENSIBLE (RFC 2361, appendix A; Microsoft's ksmedia.h).
    """
    width, rate = (4 if kind == 3 else 3), 48_000
    sound = bytes(width * rate // 10)
    head = struct.pack("<HHIIHH", 0xFFFE, 1, rate, rate * width, width, 8 * width)
    guid = struct.pack("<H", kind) + bytes.fromhex("000000001000800000aa00389b71")
    head += struct.pack("<HHI", 22, 8 * width, 4) + guid
    parts = b"".join(
        name + struct.pack("<I", len(part)) + part
        for name, part in ((b"JUNK", bytes(28)), (b"fmt ", head), (b"data", sound))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WAVE" + parts


def mp3(frames: int = 40) -> bytes:
    """Silence at 128 kbit/s and 44.1 kHz: 26 ms a frame."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def id3(size: int) -> bytes:
    told = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + told + bytes(size)


def opus(packets: int = 25, *, position: int = 0) -> bytes:
    """Silence, 20 ms a packet, in the pages that a player reads; with a tag in it. `position` is
    where it says that it ends, in samples, if that is not where it does.
    """
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 0, 48_000, 0, 0)
    text = b"TITLE=where I live"
    tags = b"OpusTags" + struct.pack("<I", 4) + b"test" + struct.pack("<II", 1, len(text)) + text
    pages = [_page([head], 0, 0, 2), _page([tags], 0, 1, 0)]
    silence = b"\xf8\xff\xfe"
    pages.append(_page([silence] * packets, position or packets * 960, 2, 4))
    return b"".join(pages)


def bomb(width: int, height: int, *, rows: int = 64) -> bytes:
    """A PNG of one bit a pixel that says it is so large, and is a few bytes long; `rows` of it are
    there.
    """
    packed = zlib.compress(bytes(((width + 7) // 8 + 1) * min(height, rows)), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", head), _chunk(b"IDAT", packed), _chunk(b"IEND"))
    )


def apng_that_says(frames: int) -> bytes:
    """One frame, and a header that tells of so many."""
    whole = png((8, 8))
    at = whole.index(b"IDAT") - 4
    return whole[:at] + _chunk(b"acTL", struct.pack(">II", frames, 0)) + whole[at:]


def _chunk(name: bytes, content: bytes = b"") -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def _page(packets: list[bytes], position: int, number: int, flags: int) -> bytes:
    """Source: RFC 3533, section 6. Packets here have fewer than 255 bytes."""
    sizes = bytes(map(len, packets))
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, 7, number, 0, len(sizes))
    page = bytearray(head + sizes + b"".join(packets))
    page[22:26] = struct.pack("<I", _ogg_sum(bytes(page)))
    return bytes(page)


def _ogg_sum(page: bytes) -> int:
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


def _saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()
